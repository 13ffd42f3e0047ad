//! Events to nodes.

use std::collections::HashMap;
use std::sync::Arc;

use crate::events::{Event, Kind, Properties};
use crate::keys::Keys;
use crate::node::Marks;
use crate::options::DEPTH_CEILING;
use crate::{
    Anchor, Content, Diagnostic, DuplicateKeys, Entry, Mapping, Node, Options, Scalar, Severity,
    Source, Span, merge, suggest,
};

/// More findings than this are counted, not kept: a list of ten thousand helps nobody.
const MAX_DIAGNOSTICS: usize = 100;

/// A node and what following an alias to it costs.
#[derive(Clone)]
pub(crate) struct Built {
    pub(crate) node: Node,
    /// How many nodes it has, aliases followed.
    nodes: usize,
    /// How deep it is; 1 for a scalar.
    height: usize,
    /// Whether it stands for something that could not be built, so that nothing more is said
    /// about it.
    pub(crate) broken: bool,
}

/// Reading cannot go on; the reason is among the diagnostics.
pub(crate) struct Stop;

/// An open collection.
struct Frame {
    properties: Properties,
    nodes: usize,
    height: usize,
    kind: Collection,
}

enum Collection {
    /// Its items are those of [`Builder::items`] from this number on.
    Sequence(usize),
    Mapping(Pairs),
    /// The mapping of which some entries are read apart: keys and values in turn.
    Entries(Vec<Built>),
}

struct Pairs {
    /// Its entries are those of [`Builder::entries`] from this number on.
    first: usize,
    keys: Keys,
    merges: Vec<(Span, Built)>,
    pending: Option<Pending>,
}

/// A key that waits for its value.
enum Pending {
    Key(Node),
    Merge(Span),
    /// One written before; its value is dropped.
    Duplicate,
}

/// Puts nodes together.
pub(crate) struct Builder<'s> {
    source: &'s Source,
    /// The source as the nodes being read have it, and how many have.
    neighbourhood: Source,
    counted: usize,
    options: &'s Options,
    max_depth: usize,
    documents: Vec<Node>,
    frames: Vec<Frame>,
    /// The items of all open sequences, and the entries of all open mappings. They are moved into
    /// collections of their number once that is known.
    items: Vec<Node>,
    entries: Vec<Entry>,
    /// The anchors of the document being read, and of those before if they are shared; `None` while
    /// the anchored node is still open.
    anchors: HashMap<usize, Option<Built>>,
    /// Their names, in the order of the text.
    names: Vec<(&'s str, usize)>,
    /// How many nodes aliases have added.
    added: usize,
    diagnostics: Vec<Diagnostic>,
    dropped: usize,
}

impl<'s> Builder<'s> {
    pub(crate) fn new(source: &'s Source, options: &'s Options) -> Self {
        Self {
            source,
            neighbourhood: source.clone(),
            counted: 0,
            options,
            max_depth: options.max_depth.min(DEPTH_CEILING),
            documents: Vec::new(),
            frames: Vec::new(),
            items: Vec::new(),
            entries: Vec::new(),
            anchors: HashMap::new(),
            names: Vec::new(),
            added: 0,
            diagnostics: Vec::new(),
            dropped: 0,
        }
    }

    /// One for entries of the innermost of `depth` open collections, which is a mapping.
    pub(crate) fn inside(depth: usize, source: &'s Source, options: &'s Options) -> Self {
        let mut builder = Self::new(source, options);
        builder.neighbourhood = source.with_own_count();
        builder.frames.extend((0..depth).map(|_| Frame {
            properties: Properties::default(),
            nodes: 1,
            height: 1,
            kind: Collection::Entries(Vec::new()),
        }));
        builder
    }

    /// The keys and values read by one that is [`Builder::inside`]; none if there is something to
    /// tell about them.
    pub(crate) fn entries(mut self) -> Option<Vec<Built>> {
        match self.frames.pop()?.kind {
            Collection::Entries(nodes) if self.diagnostics.is_empty() => Some(nodes),
            _ => None,
        }
    }

    /// How many documents are complete.
    pub(crate) fn documents(&self) -> usize {
        self.documents.len()
    }

    /// The documents and what was found.
    pub(crate) fn finish(mut self) -> (Vec<Node>, Vec<Diagnostic>) {
        if self.dropped > 0 {
            self.diagnostics.push(Diagnostic::note(
                "yaml::more",
                format!("{} more errors are not shown", self.dropped),
            ));
        }
        (self.documents, self.diagnostics)
    }

    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() < MAX_DIAGNOSTICS {
            self.diagnostics.push(diagnostic);
        } else {
            self.dropped += 1;
        }
    }

    /// Takes the next event.
    ///
    /// # Errors
    /// When a limit is passed.
    pub(crate) fn step(&mut self, event: Event<'_>) -> Result<(), Stop> {
        let (start, end) = (event.start, event.end);
        match event.kind {
            Kind::DocumentStart => {
                if !self.options.shared_anchors {
                    self.anchors.clear();
                    self.names.clear();
                }
                Ok(())
            }
            Kind::DocumentEnd => Ok(()),
            Kind::Scalar {
                text,
                style,
                properties,
            } => {
                self.check_depth(1, start)?;
                self.declare(&properties, start);
                let text = text.as_ref().into();
                let content = Content::Scalar(Scalar { text, style });
                let built = self.built(properties, start..end, content, 1, 1);
                self.place(built);
                Ok(())
            }
            Kind::Sequence(properties) => {
                let kind = Collection::Sequence(self.items.len());
                self.open(properties, start, kind)
            }
            Kind::Mapping(properties) => {
                let kind = Collection::Mapping(Pairs {
                    first: self.entries.len(),
                    keys: Keys::default(),
                    merges: Vec::new(),
                    pending: None,
                });
                self.open(properties, start, kind)
            }
            Kind::End => {
                self.close(start..end);
                Ok(())
            }
            Kind::Alias(id) => {
                let built = self.alias(id, start..end)?;
                self.place(built);
                Ok(())
            }
        }
    }

    fn open(&mut self, properties: Properties, start: usize, kind: Collection) -> Result<(), Stop> {
        self.check_depth(1, start)?;
        self.declare(&properties, start);
        self.frames.push(Frame {
            properties,
            nodes: 1,
            height: 1,
            kind,
        });
        Ok(())
    }

    fn close(&mut self, range: std::ops::Range<usize>) {
        let Some(frame) = self.frames.pop() else {
            return;
        };
        let content = match frame.kind {
            Collection::Sequence(first) => Content::Sequence(self.items.drain(first..).collect()),
            Collection::Mapping(mut pairs) => {
                let mut entries: Vec<Entry> = self.entries.drain(pairs.first..).collect();
                let mut weak = Vec::new();
                if let (Some(tag), false) = (self.options.weak_tag, pairs.merges.is_empty()) {
                    weak.extend(entries.extract_if(.., |entry| entry.value.tag() == Some(tag)));
                    pairs.keys = Keys::default();
                }
                for (place, value) in std::mem::take(&mut pairs.merges) {
                    let merged = merge::merge(
                        &mut entries,
                        &mut pairs.keys,
                        &place,
                        &value.node,
                        self.options.schema,
                    );
                    if let (Err(diagnostic), false) = (merged, value.broken) {
                        self.report(*diagnostic);
                    }
                }
                entries.extend(weak);
                Content::Mapping(Arc::new(Mapping { entries }))
            }
            // Nothing closes what was opened elsewhere.
            Collection::Entries(_) => return,
        };
        let built = self.built(frame.properties, range, content, frame.nodes, frame.height);
        self.place(built);
    }

    fn built(
        &mut self,
        properties: Properties,
        range: std::ops::Range<usize>,
        content: Content,
        nodes: usize,
        height: usize,
    ) -> Built {
        let Properties { anchor, tag } = properties;
        let marks = (anchor.is_some() || tag.is_some()).then(|| {
            Box::new(Marks {
                tag,
                anchor: anchor.map(|id| Anchor { id }),
                alias: None,
            })
        });
        let built = Built {
            node: Node {
                span: self.span(range),
                content,
                marks,
            },
            nodes,
            height,
            broken: false,
        };
        if let Some(id) = anchor {
            self.anchors.insert(id, Some(built.clone()));
        }
        built
    }

    /// The place of a node. Neighbours in the document share a count of references; those far from
    /// each other, on which threads may work at the same time, do not.
    fn span(&mut self, range: std::ops::Range<usize>) -> Span {
        const NEIGHBOURS: usize = 512;
        if self.counted == NEIGHBOURS {
            self.counted = 0;
            self.neighbourhood = self.source.with_own_count();
        }
        self.counted += 1;
        self.neighbourhood.span(range.start, range.end)
    }

    /// Notes the anchor of a node that starts at `start`.
    fn declare(&mut self, properties: &Properties, start: usize) {
        let Some(id) = properties.anchor else { return };
        self.anchors.insert(id, None);
        let before = &self.source.text()[..start];
        if let Some(at) = before.rfind('&') {
            let end = crate::gap::skip_property(before, at);
            self.names.push((&before[at + 1..end], id));
        }
    }

    fn alias(&mut self, id: Option<usize>, range: std::ops::Range<usize>) -> Result<Built, Stop> {
        let place = self.source.span(range.start, range.end);
        let name = place.text().trim_start_matches('*');
        // The parser knows the anchors of the document at hand. Those of earlier documents are in
        // the map if they are shared.
        let id = id.or_else(|| {
            let named = self.names.iter().rev().find(|(known, _)| *known == name);
            named.map(|(_, id)| *id)
        });
        let known = id.and_then(|id| self.anchors.get(&id));
        if let Some(Some(anchored)) = known {
            let mut built = anchored.clone();
            self.check_depth(built.height, range.start)?;
            self.added = self.added.saturating_add(built.nodes);
            if self.added > self.options.max_nodes {
                self.report(
                    Diagnostic::error(
                        "yaml::too-many-nodes",
                        format!("aliases repeat more than {} values", self.options.max_nodes),
                    )
                    .primary(place, "the limit is passed here"),
                );
                return Err(Stop);
            }
            built.node.set_alias(place);
            return Ok(built);
        }
        let diagnostic = if known.is_some() {
            Diagnostic::error(
                "yaml::recursive-alias",
                format!("alias `*{name}` stands inside the value it repeats"),
            )
            .primary(place.clone(), "this value would contain itself")
        } else {
            let unknown = Diagnostic::error(
                "yaml::unknown-alias",
                format!("alias `*{name}` has no anchor `&{name}` before it"),
            )
            .primary(place.clone(), "no such anchor in this document");
            match suggest::nearest(name, self.names.iter().map(|(known, _)| *known)) {
                Some(near) => unknown.fix(
                    format!("did you mean `*{near}`?"),
                    place.clone(),
                    format!("*{near}"),
                ),
                None => unknown.help("quote the value if `*` is meant as text"),
            }
        };
        self.report(diagnostic);
        let content = Content::Scalar(Scalar {
            text: "".into(),
            style: crate::Style::Plain,
        });
        let mut built = self.built(Properties::default(), range, content, 1, 1);
        built.node.set_alias(place);
        built.broken = true;
        Ok(built)
    }

    /// Puts a finished node into the open collection, or among the documents.
    pub(crate) fn place(&mut self, built: Built) {
        let root = self.frames.len() == 1;
        let Some(frame) = self.frames.last_mut() else {
            self.documents.push(built.node);
            return;
        };
        frame.nodes = frame.nodes.saturating_add(built.nodes);
        let pairs = match &mut frame.kind {
            Collection::Sequence(_) => {
                frame.height = frame.height.max(built.height + 1);
                return self.items.push(built.node);
            }
            Collection::Entries(nodes) => return nodes.push(built),
            Collection::Mapping(pairs) => pairs,
        };
        let pending = pairs.pending.take();
        frame.height = frame.height.max(match pending {
            // The entries come into this mapping, which is no deeper than where they come from.
            Some(Pending::Merge(_)) => built.height,
            _ => built.height + 1,
        });
        match pending {
            None => {
                let keep_all = root && self.options.duplicate_keys == DuplicateKeys::KeepAll;
                let merge = self.options.merge_keys && merge::is_merge_key(&built.node);
                let entries = &self.entries[pairs.first..];
                let found = pairs.key(built, entries, merge, keep_all);
                if let Err(diagnostic) = found {
                    self.report(*diagnostic);
                }
            }
            Some(Pending::Key(key)) => self.entries.push(Entry {
                key,
                value: built.node,
                merged: None,
            }),
            Some(Pending::Merge(place)) => pairs.merges.push((place, built)),
            Some(Pending::Duplicate) => {}
        }
    }

    fn check_depth(&mut self, height: usize, at: usize) -> Result<(), Stop> {
        if self.frames.len().saturating_add(height) <= self.max_depth {
            return Ok(());
        }
        self.report(
            Diagnostic::error(
                "yaml::too-deep",
                format!("values nest more than {} levels deep", self.max_depth),
            )
            .primary(self.source.span(at, at + 1), "the limit is passed here"),
        );
        Err(Stop)
    }
}

impl Pairs {
    /// Takes a key, with the entries so far; its value comes next.
    fn key(
        &mut self,
        key: Built,
        entries: &[Entry],
        merge: bool,
        keep_all: bool,
    ) -> Result<(), Box<Diagnostic>> {
        let node = key.node;
        let first = if key.broken || keep_all {
            None
        } else if merge {
            self.merges.first().map(|(place, _)| place.clone())
        } else {
            self.keys
                .find(entries, &node)
                .map(|at| entries[at].key.site().clone())
        };
        if let Some(first) = first {
            self.pending = Some(Pending::Duplicate);
            return Err(Box::new(duplicate(&node, first, merge)));
        }
        self.pending = Some(if merge {
            Pending::Merge(node.site().clone())
        } else {
            Pending::Key(node)
        });
        Ok(())
    }
}

fn duplicate(key: &Node, first: Span, merge: bool) -> Diagnostic {
    let name = match key.as_text() {
        Some(text) => format!("key `{}`", crate::text::shorten(text)),
        None => "this key".to_owned(),
    };
    let diagnostic = Diagnostic::new(
        Severity::Error,
        "yaml::duplicate-key",
        format!("{name} is defined twice in one mapping"),
    )
    .primary(key.site().clone(), "defined again here")
    .secondary(first, "first defined here");
    if merge {
        diagnostic.help("merge several mappings with one list: `<<: [*a, *b]`")
    } else {
        diagnostic.help("remove or rename one of the two")
    }
}
