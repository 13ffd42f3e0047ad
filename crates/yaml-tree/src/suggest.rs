//! "Did you mean …?"

/// The one of `candidates` that is most like `name`: at most two edits away, or a third of its
/// length if that is more. `None` if nothing is near, or if several are equally near.
///
/// An edit puts in, removes or replaces a character, or swaps two neighbours. Upper and lower case
/// count as the same, so a name that differs in case alone is always found.
///
/// ```
/// use yaml_tree::nearest;
/// assert_eq!(nearest("biuld", ["build", "test"]), Some("build"));
/// assert_eq!(nearest("up", ["down"]), None);
/// assert_eq!(nearest("tast", ["task", "test"]), None);
/// ```
pub fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let wanted: Vec<char> = name.chars().flat_map(char::to_lowercase).collect();
    let mut best: Option<(usize, &str)> = None;
    let mut tied = false;
    for candidate in candidates {
        let letters: Vec<char> = candidate.chars().flat_map(char::to_lowercase).collect();
        // A name of two letters with two of them changed is another name.
        let longest = wanted.len().max(letters.len());
        let limit = (wanted.len() / 3)
            .max(2)
            .min(longest.saturating_sub(1) / 2 + 1);
        if wanted.len().abs_diff(letters.len()) > limit || longest > 200 {
            continue;
        }
        let distance = distance(&wanted, &letters);
        if distance > limit || distance >= longest {
            continue;
        }
        match best {
            Some((least, found)) if distance == least => tied |= found != candidate,
            Some((least, _)) if distance > least => {}
            _ => {
                best = Some((distance, candidate));
                tied = false;
            }
        }
    }
    best.filter(|_| !tied).map(|(_, candidate)| candidate)
}

/// Edits between two words, neighbours swapped counting as one.
fn distance(one: &[char], other: &[char]) -> usize {
    let width = other.len() + 1;
    let mut before = vec![0; width];
    let mut above: Vec<usize> = (0..width).collect();
    let mut row = vec![0; width];
    for (i, a) in one.iter().enumerate() {
        row[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let replaced = above[j] + usize::from(a != b);
            let mut least = replaced.min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && one[i - 1] == *b {
                least = least.min(before[j - 1] + 1);
            }
            row[j + 1] = least;
        }
        std::mem::swap(&mut before, &mut above);
        std::mem::swap(&mut above, &mut row);
    }
    above[other.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn near_and_far() {
        assert_eq!(nearest("need", ["needs", "deps"]), Some("needs"));
        assert_eq!(nearest("TASKS", ["tasks"]), Some("tasks"));
        assert_eq!(
            nearest("enviroment", ["environment", "env"]),
            Some("environment")
        );
        assert_eq!(nearest("x", ["y"]), None);
        assert_eq!(nearest("ab", ["cd"]), None);
        assert_eq!(nearest("", ["a"]), None);
        assert_eq!(nearest("uess", ["uses", "use"]), Some("uses"));
    }

    #[test]
    fn the_same_candidate_twice_is_no_tie() {
        assert_eq!(nearest("buld", ["build", "build"]), Some("build"));
        assert_eq!(nearest("buld", ["build", "bull"]), None);
    }
}
