//! Work on very many things on several cores.

use rayon::prelude::*;

/// Waking a thread takes longer than what so many containers take.
const WORTHWHILE: usize = 500;

/// More threads than this would wait for each other's memory.
const MOST: usize = 8;

/// Gives consecutive parts of `items` to `work`, on as many threads as there are cores; the results
/// are in the order of the parts. Few items are one part, done here.
pub(crate) fn in_parts<'i, T: Sync, R: Send>(
    items: &'i [T],
    work: impl Fn(&'i [T]) -> R + Sync,
) -> Vec<R> {
    let threads = threads_for(items.len());
    if threads == 1 {
        return vec![work(items)];
    }
    let parts = items.par_chunks(items.len().div_ceil(threads));
    parts.map(&work).collect()
}

fn threads_for(count: usize) -> usize {
    #[cfg(test)]
    if let Some(threads) = tests::FORCED.get() {
        return threads.min(count.max(1));
    }
    match (count / WORTHWHILE).min(MOST) {
        0 | 1 => 1,
        wanted => wanted.min(rayon::current_num_threads()),
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use proptest::prelude::*;

    use super::in_parts;
    use crate::traefik::{Settings, provide};
    use crate::{Container, Network};

    thread_local! {
        /// So many threads, whatever there is to do.
        pub(super) static FORCED: Cell<Option<usize>> = const { Cell::new(None) };
    }

    #[test]
    fn the_results_are_in_order() {
        for count in [0, 1, 250, 1_000, 10_001] {
            let items: Vec<usize> = (0..count).collect();
            assert_eq!(in_parts(&items, <[usize]>::to_vec).concat(), items);
            FORCED.set(Some(3));
            assert_eq!(in_parts(&items, <[usize]>::to_vec).concat(), items);
            FORCED.set(None);
        }
    }

    const KEYS: &[&str] = &[
        "http.routers.R.rule",
        "http.routers.R.middlewares",
        "http.routers.R.service",
        "http.services.R.loadbalancer.server.port",
        "http.services.R.loadbalancer.sticky.cookie",
        "http.middlewares.R.chain.middlewares",
        "http.middlewares.R.compress",
        "tcp.routers.R.rule",
        "udp.services.R.loadbalancer.server.port",
        "enable",
        "nosuch",
    ];

    const VALUES: &[&str] = &[
        "true",
        "80",
        "r1",
        "r2",
        "Host(`a`)",
        "HostSNI(`*`)",
        "Host(",
    ];

    /// Containers of which some share names, as replicas do or by mistake, and some are wrong.
    fn containers() -> impl Strategy<Value = Vec<Container>> {
        let label = (
            prop::sample::select(KEYS),
            prop::sample::select(&["r1", "r2", "OWN"][..]),
            prop::sample::select(VALUES),
        );
        let labels = prop::collection::vec(label, 0..6);
        prop::collection::vec(labels, 1..60).prop_map(|all| {
            let all = all.into_iter().enumerate();
            let containers = all.map(|(at, labels)| {
                let name = format!("c{at}");
                let mut container = Container::new(&name);
                let ip = format!("10.0.0.{}", at + 1);
                container
                    .networks
                    .insert("web".into(), Network::with_ip(&ip));
                for (key, object, value) in labels {
                    let object = if object == "OWN" { &name } else { object };
                    let key = format!("traefik.{}", key.replace(".R.", &format!(".{object}.")));
                    container.labels.insert(key, value.into());
                }
                container
            });
            containers.collect()
        })
    }

    proptest! {
        /// Neither the configuration nor the findings show on how many threads they were made.
        #[test]
        fn several_threads_do_what_one_does(containers in containers(), threads in 2..6_usize) {
            let on = |threads| {
                FORCED.set(Some(threads));
                let outcome = provide(&containers, &Settings::default());
                let text = outcome.configuration.to_json();
                FORCED.set(None);
                (text, outcome.findings)
            };
            prop_assert_eq!(on(threads), on(1));
        }
    }
}
