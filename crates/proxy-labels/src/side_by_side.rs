//! Work on very many things on several cores.

use std::num::NonZero;
use std::thread;

/// Starting a thread takes longer than what so many containers take.
const WORTHWHILE: usize = 500;

/// More threads than this would wait for each other's memory.
const MOST: usize = 8;

/// Gives consecutive parts of `items` to `work`, on as many threads as there are cores; the results
/// are in the order of the parts. Few items are one part, done here.
pub(crate) fn in_parts<'i, T: Sync, R: Send>(
    items: &'i [T],
    work: impl Fn(&'i [T]) -> R + Sync,
) -> Vec<R> {
    let wanted = (items.len() / WORTHWHILE).min(MOST);
    let threads = match wanted {
        0 | 1 => 1,
        _ => wanted.min(thread::available_parallelism().map_or(1, NonZero::get)),
    };
    if threads == 1 {
        return vec![work(items)];
    }
    let mut parts = items.chunks(items.len().div_ceil(threads));
    let first = parts.next().unwrap_or_default();
    let work = &work;
    thread::scope(|scope| {
        let others: Vec<_> = parts.map(|part| scope.spawn(move || work(part))).collect();
        let mut results = vec![work(first)];
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
    use super::in_parts;

    #[test]
    fn the_results_are_in_order() {
        for count in [0, 1, 250, 1_000, 10_001] {
            let items: Vec<usize> = (0..count).collect();
            assert_eq!(in_parts(&items, <[usize]>::to_vec).concat(), items);
        }
    }
}
