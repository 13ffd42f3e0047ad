//! Blocks of several containers, or of one, put together.

use super::block::Block;

/// Adds blocks: a proxy of the same matcher gets more upstreams, a block with the same words gets
/// more children, any other stands beside the rest.
pub(super) fn merge(into: &mut Vec<Block>, blocks: Vec<Block>) {
    for block in blocks {
        match into.iter_mut().find(|known| fits(known, &block)) {
            Some(known) if is_proxy(&block) => {
                let matcher = usize::from(block.keys.get(1).is_some_and(|key| is_matcher(key)));
                known.keys.extend(block.keys.into_iter().skip(1 + matcher));
                merge(&mut known.children, block.children);
            }
            Some(known) => merge(&mut known.children, block.children),
            None => into.push(block),
        }
    }
}

fn fits(known: &Block, block: &Block) -> bool {
    if known.name() != block.name() {
        return false;
    }
    if is_proxy(block) {
        return matcher(known) == matcher(block);
    }
    known.keys == block.keys
}

fn is_proxy(block: &Block) -> bool {
    matches!(block.name(), "reverse_proxy" | "php_fastcgi")
}

/// What a proxy is for; without a matcher, everything.
fn matcher(block: &Block) -> &str {
    match block.keys.get(1) {
        Some(key) if is_matcher(key) => key,
        _ => "*",
    }
}

fn is_matcher(key: &str) -> bool {
    key == "*" || key.starts_with(['/', '@'])
}
