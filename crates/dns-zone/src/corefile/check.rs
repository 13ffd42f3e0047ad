//! What is wrong with a Corefile, or looks so: above all what CoreDNS takes without a word.

mod blocks;
mod options;

use std::collections::{BTreeMap, BTreeSet};

use yaml_tree::{Diagnostic, nearest};

use super::{Corefile, Directive, Item, PLUGINS, ServerBlock, Word};

/// What is known beyond the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Known {
    /// Plugins that this CoreDNS is built with beside its own.
    pub plugins: BTreeSet<String>,
}

/// Checks a Corefile. Snippets that are imported are checked where they stand; the blocks of imported
/// files are not seen.
///
/// Errors, where CoreDNS refuses the file or does something else than it says:
///
/// | Code | |
/// |---|---|
/// | `corefile::one-line-brace` | something behind the `{` of a server block |
/// | `corefile::no-server` | no server block: CoreDNS starts a built-in one |
/// | `corefile::no-address` | a block without an address, which CoreDNS passes over |
/// | `corefile::bad-address` | an address that is none |
/// | `corefile::unknown-directive` | a plugin that is not built in |
/// | `corefile::already-defined` | a zone and port twice, without a view |
/// | `corefile::view-order` | a view behind the block without one, which takes all queries |
/// | `corefile::several-views` | two views in one block |
/// | `corefile::missing-argument` | a plugin without what it needs |
/// | `corefile::bad-value` | a value that the plugin refuses |
/// | `corefile::forward-twice` | two `forward`s for one zone in a block |
/// | `corefile::auto-group` | a pattern of `auto` without a group |
/// | `corefile::unknown-snippet` | an `import` of a snippet that is not there yet |
///
/// Warnings:
///
/// | Code | |
/// |---|---|
/// | `corefile::unanchored-auto` | a pattern of `auto` that takes backups and temporary files for zones |
/// | `corefile::zone-outside` | a zone of `file` or `auto` that the block gets no queries for |
/// | `corefile::hidden-zone` | `template` or `hosts` that answers before the zone file |
/// | `corefile::no-zone-reload` | a zone file that is read once |
/// | `corefile::reload-by-mtime` | the option that reloads at every look |
/// | `corefile::cached-zone` | a cache in front of a zone file, which delays changes |
/// | `corefile::mdns` | a zone below `.local` |
/// | `corefile::forward-network` | `forward` from a network of several zones, of which it takes one |
pub fn check(corefile: &Corefile, known: &Known) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let imports = corefile
        .items
        .iter()
        .any(|item| matches!(item, Item::Import(_)));
    if corefile.servers().next().is_none() && !imports {
        found.push(
            Diagnostic::error("corefile::no-server", "there is no server block: CoreDNS would start a built-in server that serves nothing of yours")
                .primary(corefile.source.start(), "")
                .help("write at least `. {` and `}` with a plugin in it"),
        );
    }
    let mut snippets: BTreeSet<String> = BTreeSet::new();
    for item in &corefile.items {
        match item {
            Item::Import(pattern) => import(pattern, &snippets, &mut found),
            Item::Snippet(snippet) => {
                options::lines(&snippet.directives, &mut found);
                let name = snippet.key.text.trim_matches(['(', ')']);
                nested_imports(&snippet.directives, &snippets, &mut found);
                snippets.insert(name.to_owned());
            }
            Item::Server(block) => {
                nested_imports(&block.directives, &snippets, &mut found);
                server(block, known, &mut found);
            }
        }
    }
    blocks::check(corefile, &mut found);
    found.sort_by_key(|one| one.location().map(yaml_tree::Span::start));
    found
}

fn server(block: &ServerBlock, known: &Known, found: &mut Vec<Diagnostic>) {
    if let Some(crowded) = &block.crowded {
        found.push(
            Diagnostic::error(
                "corefile::one-line-brace",
                "this stands behind the opening brace of a server block, where CoreDNS misreads it",
            )
            .primary(crowded.clone(), "")
            .help("begin a new line behind the brace"),
        );
    }
    for directive in &block.directives {
        unknown(&directive.name, known, found);
    }
    options::lines(&block.directives, found);
}

fn unknown(name: &Word, known: &Known, found: &mut Vec<Diagnostic>) {
    if PLUGINS.contains(&name.text.as_str())
        || matches!(name.text.as_str(), "import" | "startup" | "shutdown")
        || known.plugins.contains(&name.text)
        || name.has_variable()
    {
        return;
    }
    let message = format!("`{}` is no plugin that CoreDNS is built with", name.text);
    let one =
        Diagnostic::error("corefile::unknown-directive", message).primary(name.span.clone(), "");
    found.push(match nearest(&name.text, PLUGINS.iter().copied()) {
        Some(near) => one.fix(format!("did you mean `{near}`?"), name.span.clone(), near),
        None => one.help("a build of your own may have it: name it with `--plugin`"),
    });
}

/// An import of a snippet: nothing in its name looks like a file.
fn import(pattern: &Word, snippets: &BTreeSet<String>, found: &mut Vec<Diagnostic>) {
    let text = &pattern.text;
    if snippets.contains(text)
        || text.contains(['/', '.', '*', '?', '['])
        || pattern.has_variable()
        || text.is_empty()
    {
        return;
    }
    let message =
        format!("there is no snippet `{text}` above, so CoreDNS looks for a file of this name");
    let one =
        Diagnostic::warning("corefile::unknown-snippet", message).primary(pattern.span.clone(), "");
    found.push(match nearest(text, snippets.iter().map(String::as_str)) {
        Some(near) => one.fix(
            format!("did you mean `{near}`?"),
            pattern.span.clone(),
            near,
        ),
        None => one,
    });
}

fn nested_imports(lines: &[Directive], snippets: &BTreeSet<String>, found: &mut Vec<Diagnostic>) {
    for line in lines {
        if line.name.text == "import" {
            for pattern in &line.arguments {
                import(pattern, snippets, found);
            }
        }
        nested_imports(line.body.as_deref().unwrap_or_default(), snippets, found);
    }
}

/// Words grouped by what they say, for findings about the second of a kind.
#[derive(Default)]
struct Seen<'w>(BTreeMap<String, &'w Word>);

impl<'w> Seen<'w> {
    /// The first word with this key, if this is not it.
    fn first(&mut self, key: String, word: &'w Word) -> Option<&'w Word> {
        if let Some(first) = self.0.get(&key) {
            return Some(first);
        }
        self.0.insert(key, word);
        None
    }
}
