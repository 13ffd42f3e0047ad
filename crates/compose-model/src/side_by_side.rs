//! Work on the resources of a large project on several cores.

use rayon::prelude::*;

use crate::value::{Map, Value};

/// Waking a thread takes about as long as one pass over so many attributes.
const WORTHWHILE: usize = 2_500;

/// Fewer entries than this are never worthwhile.
pub(crate) const MANY: usize = 100;

/// More threads than this would wait for each other's memory.
const MOST: usize = 8;

/// Something to work on.
pub(crate) trait Item {
    /// About how many attributes it has.
    fn attributes(&self) -> usize;
}

impl<K> Item for (K, &Value) {
    fn attributes(&self) -> usize {
        self.1.as_map().map_or(0, Map::len)
    }
}

impl<K> Item for (K, &mut Value) {
    fn attributes(&self) -> usize {
        self.1.as_map().map_or(0, Map::len)
    }
}

impl Item for yaml_tree::Entry {
    fn attributes(&self) -> usize {
        let mapping = self.value.as_mapping();
        mapping.map_or(0, yaml_tree::Mapping::len)
    }
}

/// Gives consecutive parts of `items` to `work`, on as many threads as there are cores; the results
/// are in the order of the parts. Little work is one part, done here.
pub(crate) fn in_parts<T: Item + Sync, R: Send>(
    items: &[T],
    work: impl Fn(&[T]) -> R + Sync,
) -> Vec<R> {
    match part_length(items) {
        None => vec![work(items)],
        Some(length) => run(items.chunks(length), work),
    }
}

/// As [`in_parts`], for work that changes the items.
pub(crate) fn in_parts_mut<T: Item + Send, R: Send>(
    items: &mut [T],
    work: impl Fn(&mut [T]) -> R + Sync,
) -> Vec<R> {
    match part_length(items) {
        None => vec![work(items)],
        Some(length) => run(items.chunks_mut(length), work),
    }
}

/// How many items each thread gets; none if one thread does all.
fn part_length<T: Item>(items: &[T]) -> Option<usize> {
    // The first one stands for all.
    let attributes = items.len() * items.first()?.attributes();
    let wanted = (attributes / WORTHWHILE).min(MOST);
    if wanted < 2 {
        return None;
    }
    let threads = wanted.min(rayon::current_num_threads());
    (threads > 1).then(|| items.len().div_ceil(threads))
}

fn run<P: Send, R: Send>(parts: impl Iterator<Item = P>, work: impl Fn(P) -> R + Sync) -> Vec<R> {
    let parts: Vec<_> = parts.collect();
    let parts = parts.into_par_iter().with_max_len(1);
    parts.map(&work).collect()
}

#[cfg(test)]
mod tests {
    use super::{in_parts, in_parts_mut};
    use crate::value::{Map, Value};

    #[test]
    fn the_results_are_in_order() {
        let service: Map = ["a", "b", "c"]
            .map(|key| (key, Value::null()))
            .into_iter()
            .collect();
        for count in [0, 1, 250, 10_001] {
            let mut values: Vec<_> = (0..count).map(|_| Value::new(service.clone())).collect();
            let items: Vec<_> = values.iter().enumerate().collect();
            let numbers = |items: &[(usize, &Value)]| items.iter().map(|item| item.0).collect();
            let results: Vec<Vec<usize>> = in_parts(&items, numbers);
            assert_eq!(results.concat(), (0..count).collect::<Vec<_>>());

            let mut items: Vec<_> = values.iter_mut().enumerate().collect();
            let changed = in_parts_mut(&mut items, |items| {
                for (number, value) in items.iter_mut() {
                    **value = Value::new(i64::try_from(*number).unwrap());
                }
                items.len()
            });
            assert_eq!(changed.iter().sum::<usize>(), count);
            let expected = (0..).map(|number: i64| Value::new(number));
            assert!(values.into_iter().eq(expected.take(count)));
        }
    }
}
