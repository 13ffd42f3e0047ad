//! Blocks sorted and written.

use std::cmp::Ordering;

use super::block::Block;

/// Sorts blocks and everything below them.
pub(super) fn sort(blocks: &mut [Block]) {
    for block in &mut *blocks {
        sort(&mut block.children);
    }
    blocks.sort_by(compare);
}

/// Global options, snippets and named matchers first; then by number, by words, by what is below.
fn compare(one: &Block, other: &Block) -> Ordering {
    let first = |is: fn(&Block) -> bool| is(other).cmp(&is(one));
    first(Block::is_global)
        .then_with(|| first(Block::is_snippet))
        .then_with(|| first(Block::is_matcher))
        .then_with(|| one.order.cmp(&other.order))
        .then_with(|| one.keys.cmp(&other.keys))
        .then_with(|| {
            let mut pairs = one.children.iter().zip(&other.children);
            let different =
                pairs.find_map(|(one, other)| Some(compare(one, other)).filter(|o| o.is_ne()));
            different.unwrap_or_else(|| one.children.len().cmp(&other.children.len()))
        })
}

/// Blocks as the text of a Caddyfile.
pub(crate) fn text(blocks: &[Block]) -> String {
    let mut out = String::new();
    for block in blocks {
        write(block, 0, &mut out);
    }
    out
}

fn write(block: &Block, depth: usize, out: &mut String) {
    indent(depth, out);
    for (at, key) in block.keys.iter().enumerate() {
        if at > 0 {
            out.push(' ');
        }
        word(key, out);
    }
    if !block.children.is_empty() {
        if !block.keys.is_empty() {
            out.push(' ');
        }
        out.push_str("{\n");
        for child in &block.children {
            write(child, depth + 1, out);
        }
        indent(depth, out);
        out.push('}');
    }
    out.push('\n');
}

fn indent(depth: usize, out: &mut String) {
    for _ in 0..depth {
        out.push('\t');
    }
}

/// A word as caddy-docker-proxy writes it, which is not always one that Caddy reads back; `quote`
/// knows the difference.
fn word(word: &str, out: &mut String) {
    if word.contains(['\n', '"']) {
        out.push('`');
        out.push_str(&word.replace('`', "\\`"));
        out.push('`');
    } else if word.contains(' ') {
        out.push('"');
        out.push_str(word);
        out.push('"');
    } else {
        out.push_str(word);
    }
}

#[cfg(test)]
mod tests {
    use super::{Block, sort, text};

    /// What is sorted once stays as it is.
    #[test]
    fn sorted_blocks_are_a_fixed_point() {
        let line = |keys: &[&str], order: i64, children: Vec<Block>| Block {
            order,
            children,
            ..Block::new(keys.iter().copied())
        };
        let mut blocks = vec![
            line(
                &["b.x"],
                9,
                vec![
                    line(&["z"], 2, vec![]),
                    line(&["a"], 9, vec![]),
                    line(&["@m"], 9, vec![]),
                ],
            ),
            line(&["a.x", "b.x"], 9, vec![]),
            line(&["a.x"], 9, vec![line(&["tls"], 9, vec![])]),
            line(&["a.x"], 9, vec![]),
            line(&["(s)"], 9, vec![]),
            line(&[], 9, vec![line(&["email"], 9, vec![])]),
        ];
        sort(&mut blocks);
        let once = text(&blocks);
        sort(&mut blocks);
        assert_eq!(text(&blocks), once);
        assert_eq!(
            once,
            "{\n\temail\n}\n(s)\na.x\na.x {\n\ttls\n}\na.x b.x\nb.x {\n\t@m\n\tz\n\ta\n}\n"
        );
    }
}
