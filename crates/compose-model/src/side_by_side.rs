//! Work on the resources of a large project on several cores.

use std::num::NonZero;
use std::thread;

/// Starting a thread takes about as long as so many services do.
pub(crate) const WORTHWHILE: usize = 250;

/// More threads than this would wait for each other's memory.
const MOST: usize = 8;

/// Gives consecutive parts of `items` to `work`, on as many threads as there are cores; the results
/// are in the order of the parts. Few items are one part, done here.
pub(crate) fn in_parts<T: Sync, R: Send>(items: &[T], work: impl Fn(&[T]) -> R + Sync) -> Vec<R> {
    match part_length(items.len()) {
        None => vec![work(items)],
        Some(length) => run(items.chunks(length), work),
    }
}

/// As [`in_parts`], for work that changes the items.
pub(crate) fn in_parts_mut<T: Send, R: Send>(
    items: &mut [T],
    work: impl Fn(&mut [T]) -> R + Sync,
) -> Vec<R> {
    match part_length(items.len()) {
        None => vec![work(items)],
        Some(length) => run(items.chunks_mut(length), work),
    }
}

/// How many items each thread gets; none if one thread does all.
fn part_length(items: usize) -> Option<usize> {
    let wanted = (items / WORTHWHILE).min(MOST);
    if wanted < 2 {
        return None;
    }
    let threads = wanted.min(thread::available_parallelism().map_or(1, NonZero::get));
    (threads > 1).then(|| items.div_ceil(threads))
}

fn run<P: Send, R: Send>(
    mut parts: impl Iterator<Item = P>,
    work: impl Fn(P) -> R + Sync,
) -> Vec<R> {
    let first = parts.next();
    let work = &work;
    thread::scope(|scope| {
        let others: Vec<_> = parts.map(|part| scope.spawn(move || work(part))).collect();
        let mut results: Vec<R> = first.into_iter().map(work).collect();
        for other in others {
            match other.join() {
                Ok(result) => results.push(result),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        results
    })
}

#[cfg(test)]
mod tests {
    use super::{in_parts, in_parts_mut};

    #[test]
    fn the_results_are_in_order() {
        for count in [0, 1, 250, 501, 10_001] {
            let mut items: Vec<usize> = (0..count).collect();
            let results = in_parts(&items, <[usize]>::to_vec);
            assert_eq!(results.concat(), items);
            let results = in_parts_mut(&mut items, |part| {
                for item in part.iter_mut() {
                    *item += 1;
                }
                part.to_vec()
            });
            assert_eq!(results.concat(), (1..=count).collect::<Vec<_>>());
        }
    }
}
