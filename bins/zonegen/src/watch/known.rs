//! The containers of one environment, those that have just gone among them.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use engine::{Container, State};

/// How long an engine that was seen with containers has to be without any, on one connection, before
/// that is believed: longer than an engine takes to stop, or to start its containers again.
const BELIEF: Duration = Duration::from_secs(15);

/// What is known of the containers of an environment.
#[derive(Debug, Default)]
pub(crate) struct Known {
    containers: BTreeMap<String, (Container, Option<Instant>)>,
    /// There were containers at some time.
    was_full: bool,
    /// Since when there are none.
    empty_since: Option<Instant>,
}

impl Known {
    /// Takes in what runs now. Containers that do not run any more count on for `grace`, as they do
    /// between a stop and a start.
    pub(crate) fn take(&mut self, listed: Vec<Container>, now: Instant, grace: Duration) {
        let mut running: BTreeMap<String, Container> = listed
            .into_iter()
            .filter(|one| {
                matches!(
                    one.state,
                    State::Running | State::Paused | State::Restarting
                )
            })
            .map(|one| (one.name.clone(), one))
            .collect();
        self.containers.retain(|name, (container, gone)| {
            if let Some(here) = running.remove(name) {
                *container = here;
                *gone = None;
                return true;
            }
            let since = *gone.get_or_insert(now);
            now.duration_since(since) < grace
        });
        self.containers
            .extend(running.into_iter().map(|(name, one)| (name, (one, None))));
        if self.containers.is_empty() {
            self.empty_since.get_or_insert(now);
        } else {
            self.was_full = true;
            self.empty_since = None;
        }
    }

    /// A new connection begins to count anew.
    pub(crate) fn reconnected(&mut self, now: Instant) {
        if self.empty_since.is_some() {
            self.empty_since = Some(now);
        }
    }

    /// The containers that count.
    pub(crate) fn containers(&self) -> Vec<Container> {
        self.containers
            .values()
            .map(|(container, _)| container.clone())
            .collect()
    }

    /// Whether it is believed that there are none.
    pub(crate) fn is_surely_empty(&self, now: Instant) -> bool {
        self.was_full
            && self
                .empty_since
                .is_some_and(|since| now.duration_since(since) >= BELIEF)
    }

    /// When something changes by itself, later than `after`.
    pub(crate) fn wakes(&self, grace: Duration, after: Instant) -> Option<Instant> {
        let gone = self
            .containers
            .values()
            .filter_map(|(_, gone)| *gone)
            .map(|since| since + grace);
        let believed = self
            .empty_since
            .filter(|_| self.was_full)
            .map(|since| since + BELIEF);
        gone.chain(believed).filter(|time| *time > after).min()
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use engine::{Container, State};

    use super::{BELIEF, Known};

    fn running(names: &[&str]) -> Vec<Container> {
        let make = |name: &&str| {
            let mut one = Container::default();
            one.name = (*name).to_owned();
            one.state = State::Running;
            one
        };
        names.iter().map(make).collect()
    }

    fn names(known: &Known) -> Vec<String> {
        known.containers().into_iter().map(|one| one.name).collect()
    }

    #[test]
    fn who_goes_counts_for_a_while() {
        let (start, grace) = (Instant::now(), Duration::from_secs(3));
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut known = Known::default();
        known.take(running(&["a", "b"]), at(0), grace);
        known.take(running(&["b"]), at(1), grace);
        assert_eq!(names(&known), ["a", "b"]);
        assert_eq!(known.wakes(grace, at(1)), Some(at(4)));
        known.take(running(&["a", "b"]), at(2), grace);
        assert_eq!(known.wakes(grace, at(1)), None);
        known.take(running(&["b"]), at(3), grace);
        known.take(running(&["b"]), at(6), grace);
        assert_eq!(names(&known), ["b"]);
    }

    #[test]
    fn that_all_have_gone_is_believed_late() {
        let start = Instant::now();
        let grace = Duration::ZERO;
        let mut known = Known::default();
        known.take(Vec::new(), start, grace);
        assert!(!known.is_surely_empty(start + BELIEF * 9));
        known.take(running(&["a"]), start, grace);
        known.take(Vec::new(), start, grace);
        assert!(!known.is_surely_empty(start + BELIEF / 2));
        known.reconnected(start + BELIEF / 2);
        assert!(!known.is_surely_empty(start + BELIEF));
        assert!(known.is_surely_empty(start + BELIEF * 2));
    }
}
