//! Wildcards, and names that fall out of them.

use super::{Checker, Part};
use crate::problem::Problem;
use crate::{Name, RecordType};

impl Checker<'_> {
    /// Names below a wildcard with addresses that have none themselves: they exist, so the wildcard
    /// does not stand for them.
    pub(super) fn wildcards(&mut self) {
        let mut wildcards = Vec::new();
        for (at, node) in self.index.nodes.iter().enumerate() {
            if self.index.key(node).ends_with(b"\0*\0") && self.has_address(at) {
                wildcards.push(at);
            }
        }
        for wildcard in wildcards {
            self.shadowed(wildcard);
        }
    }

    fn has_address(&self, at: usize) -> bool {
        let node = &self.index.nodes[at];
        self.index.order[node.start..node.end].iter().any(|at| {
            matches!(
                self.kind(*at),
                RecordType::A | RecordType::AAAA | RecordType::CNAME
            )
        })
    }

    fn shadowed(&mut self, wildcard: usize) {
        let index = self.index;
        let node = &index.nodes[wildcard];
        let star = index.key(node);
        // The wildcard stands among the names below its parent, which follow each other.
        let parent = &star[..star.len() - 2];
        let below = |at: usize| index.key(&index.nodes[at]).starts_with(parent);
        let mut first = wildcard;
        while first > 0 && below(first - 1) {
            first -= 1;
        }
        let record = index.order[node.start];
        let wild_name = self.record(record).owner.clone();
        let mut reported: Vec<u8> = Vec::new();
        let mut hidden: Option<Vec<u8>> = None;
        let mut at = first;
        while at < index.nodes.len() && below(at) {
            let here = &index.nodes[at];
            let key = index.key(here);
            at += 1;
            if key.len() == parent.len() || at - 1 == wildcard {
                continue;
            }
            if hidden.as_deref().is_some_and(|cut| key.starts_with(cut)) {
                continue;
            }
            hidden = None;
            if self.has(here, RecordType::NS) || self.has(here, RecordType::DNAME) {
                hidden = Some(key.to_vec());
                continue;
            }
            // The names between the wildcard's parent and this one that nothing stands at.
            let rest = &key[parent.len()..];
            let mut end = parent.len();
            for label in rest.split_inclusive(|b| *b == 0) {
                // Names of services are never asked for addresses, nor is what lies below them, and
                // a wildcard below has its own say.
                if matches!(label.first(), Some(b'_' | b'*')) {
                    break;
                }
                end += label.len();
                let name = &key[..end];
                if name.len() < key.len() && index.find_key(name).is_ok() {
                    continue;
                }
                let addressed = name.len() == key.len() && self.has_address(at - 1);
                if addressed || reported.starts_with(name) {
                    continue;
                }
                reported = name.to_vec();
                self.shadow(here, name.len() == key.len(), key, end, &wild_name, record);
            }
        }
    }

    fn shadow(
        &mut self,
        node: &crate::zone::Node,
        itself: bool,
        key: &[u8],
        end: usize,
        wildcard: &Name,
        wildcard_record: u32,
    ) {
        let record = self.index.order[node.start];
        let owner = &self.record(record).owner;
        let deeper = key[end..].split(|b| *b == 0).count() - 1;
        let mut name = owner.clone();
        for _ in 0..deeper {
            let Some(parent) = name.parent() else { return };
            name = parent;
        }
        let why = if itself {
            "has no address itself".to_owned()
        } else {
            format!("exists since `{owner}` does")
        };
        let (range, star) = (
            self.range(record, Part::Owner),
            self.range(wildcard_record, Part::Owner),
        );
        self.problems.push(
            Problem::warning(
                "dns::wildcard-shadowed",
                format!("`{name}` {why}: the wildcard does not stand for it"),
            )
            .maybe_at(range, "")
            .and(star, format!("`{wildcard}`"))
            .help(format!(
                "if `{name}` shall have the address of the wildcard, write it there as well"
            )),
        );
    }
}
