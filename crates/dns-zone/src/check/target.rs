//! Names that records point to, and what names look like.

use super::{Checker, Owner, Part, Reached};
use crate::problem::{Problem, Range};
use crate::{Data, Name, RecordType};

impl<'z> Checker<'z> {
    /// What there is at a name. Wildcards count.
    pub(super) fn reach(&mut self, name: &Name) -> Reached {
        if let Some(known) = self.reachable.get(name) {
            return *known;
        }
        let found = self.look(name);
        self.reachable.insert(name.clone(), found);
        found
    }

    fn look(&self, name: &Name) -> Reached {
        if !name.is_within(self.zone.origin()) {
            return Reached::Elsewhere;
        }
        if let Some(node) = self.index.find(name).map(|at| &self.index.nodes[at]) {
            return self.at_node(node);
        }
        // Not there itself: below a cut, by a wildcard, redirected, or nowhere.
        let mut above = name.parent();
        let mut enclosed = false;
        let mut by_wildcard = None;
        let key = Self::key(name);
        if self.index.exists_key(&key) {
            enclosed = true;
        }
        while let Some(here) = above {
            let key = Self::key(&here);
            if !enclosed && self.index.exists_key(&key) {
                enclosed = true;
                let mut key = key.clone();
                key.extend_from_slice(b"*\0");
                by_wildcard = self.index.find_key(&key).ok();
            }
            if here == *self.zone.origin() {
                break;
            }
            if let Ok(at) = self.index.find_key(&key) {
                let node = &self.index.nodes[at];
                if self.has(node, RecordType::NS) {
                    return Reached::Below;
                }
                if self.has(node, RecordType::DNAME) {
                    return Reached::Alias;
                }
            }
            above = here.parent();
        }
        match by_wildcard {
            Some(at) => self.at_node(&self.index.nodes[at]),
            None if self.index.exists_key(&key) => Reached::NoAddress,
            None => Reached::Nothing,
        }
    }

    fn at_node(&self, node: &crate::zone::Node) -> Reached {
        let mut reached = Reached::NoAddress;
        for at in &self.index.order[node.start..node.end] {
            match self.kind(*at) {
                RecordType::A | RecordType::AAAA => return Reached::Address,
                RecordType::CNAME => reached = Reached::Alias,
                _ => {}
            }
        }
        reached
    }

    /// What a record points to.
    pub(super) fn target(&mut self, at: u32) {
        let record = self.record(at);
        if record.data.as_wire().contains(&b'*') {
            self.asterisk_inside(at);
        }
        // Most records are addresses.
        let (name, word, what) = match record.kind() {
            RecordType::A | RecordType::AAAA | RecordType::TXT => return,
            _ => match record.data.decode() {
                Data::Mx {
                    preference,
                    exchange,
                } => {
                    if exchange.is_root() {
                        self.no_mail(at, preference);
                        return;
                    }
                    (exchange, 1, "mail server")
                }
                Data::Srv { target, .. } => {
                    self.service_owner(at);
                    if target.is_root() {
                        return;
                    }
                    (target, 3, "host of a service")
                }
                Data::Ptr(target) => {
                    self.pointer(at, &target);
                    return;
                }
                Data::Cname(target) => {
                    if self.reach(&target) == Reached::Nothing {
                        let range = self.range(at, Part::Data(0));
                        self.problems.push(
                            Problem::warning(
                                "dns::dangling-alias",
                                format!(
                                    "`{}` is an alias of `{target}`, which does not exist",
                                    record.owner
                                ),
                            )
                            .maybe_at(range, "")
                            .help("add the name to the zone, or the missing dot at its end"),
                        );
                    }
                    return;
                }
                _ => return,
            },
        };
        let range = self.range(at, Part::Data(word));
        match self.reach(&name) {
            Reached::Alias => self.problems.push(
                Problem::warning("dns::target-alias", format!("the {what} `{name}` is an alias"))
                    .maybe_at(range, "")
                    .help("it needs addresses of its own (RFC 2181 section 10.3): name the target of the alias"),
            ),
            Reached::NoAddress | Reached::Nothing => self.problems.push(
                Problem::warning("dns::target-address", format!("the {what} `{name}` has no address"))
                    .maybe_at(range, "")
                    .help("add an A or AAAA record for it, or the missing dot at the end of the name"),
            ),
            _ => {}
        }
        self.looks_like_address(&name, at, word);
        self.host_name(&name, at, Part::Data(word), what);
    }

    /// Names in data with an asterisk that is no wildcard.
    fn asterisk_inside(&mut self, at: u32) {
        let names = self.record(at).data.names();
        if let Some(name) = names.iter().find(|name| has_literal_asterisk(name)) {
            let range = self.range(at, Part::Data(0));
            self.literal_asterisk(name, range);
        }
    }

    fn literal_asterisk(&mut self, name: &Name, range: Option<Range>) {
        self.problems.push(
            Problem::warning("dns::literal-asterisk", format!("`{name}` has an asterisk that is no wildcard"))
                .maybe_at(range, "")
                .help("`*` stands for other names only as the whole first label; validns refuses any other"),
        );
    }

    /// In a reverse zone, names of hosts are written whole.
    fn pointer(&mut self, at: u32, target: &Name) {
        let last = self.zone.origin().labels().last();
        let reverse = last.is_some_and(|label| label.eq_ignore_ascii_case(b"arpa"));
        if reverse
            && self.record(at).owner.to_address().is_some()
            && target.is_below(self.zone.origin())
        {
            let range = self.range(at, Part::Data(0));
            self.problems.push(
                Problem::warning("dns::missing-dot", format!("the name of the host is `{target}`"))
                    .maybe_at(range, "")
                    .help("a name without a dot at its end is relative to the reverse zone: write the whole name and the dot"),
            );
        }
    }

    /// `MX 0 .` says that no mail is taken, alone (RFC 7505).
    fn no_mail(&mut self, at: u32, preference: u16) {
        let owner = &self.record(at).owner;
        let others = self
            .zone
            .records_of(owner)
            .filter(|record| record.kind() == RecordType::MX);
        if others.count() > 1 || preference != 0 {
            let range = self.range(at, Part::Data(1));
            self.problems.push(
                Problem::warning(
                    "dns::null-mx",
                    "`MX 0 .` says that no mail is taken: it stands alone, with the preference 0",
                )
                .maybe_at(range, ""),
            );
        }
    }

    fn service_owner(&mut self, at: u32) {
        let owner = &self.record(at).owner;
        let mut labels = owner.labels().skip_while(|label| *label == b"*");
        let service = labels.next().is_some_and(|label| label.starts_with(b"_"));
        let protocol = labels.next().is_some_and(|label| label.starts_with(b"_"));
        if !service || !protocol {
            let range = self.range(at, Part::Owner);
            self.problems.push(
                Problem::warning(
                    "dns::service-name",
                    format!("`{owner}` is not the name of a service"),
                )
                .maybe_at(range, "")
                .help("clients ask for `_service._protocol.name`, such as `_ldap._tcp`"),
            );
        }
    }

    /// A target such as `192.168.1.2`, which was meant to be an address.
    pub(super) fn looks_like_address(&mut self, name: &Name, at: u32, word: usize) {
        let front = name.relative_to(self.zone.origin());
        let front = front.trim_end_matches('.');
        if front.parse::<std::net::Ipv4Addr>().is_ok() {
            let range = self.range(at, Part::Data(word));
            let kind = self.kind(at);
            self.problems.push(
                Problem::warning(
                    "dns::address-as-name",
                    format!("{kind} names a host, and `{front}` is an address"),
                )
                .maybe_at(range, "")
                .help("give the address a name with an A record, and write that name"),
            );
        }
    }

    pub(super) fn host_name(&mut self, name: &Name, at: u32, part: Part, what: &str) {
        if !name.is_host_name() {
            let range = self.range(at, part);
            self.problems.push(
                Problem::warning("dns::host-name", format!("the {what} `{name}` is no name of a host"))
                    .maybe_at(range, "")
                    .help("letters, digits and hyphens inside of labels: `named` refuses others on a primary by its default"),
            );
        }
    }

    /// The owner of addresses is a host; asterisks count only alone in front.
    pub(super) fn owner_name(&mut self, owner: Owner<'z>) {
        let first = self.index.order[owner.node.start];
        let asterisk = has_literal_asterisk(owner.name);
        if asterisk {
            let range = self.range(first, Part::Owner);
            self.literal_asterisk(owner.name, range);
        }
        let of_hosts =
            |kind: RecordType| matches!(kind, RecordType::A | RecordType::AAAA | RecordType::MX);
        if owner.name.as_wire().contains(&b'/')
            && let Some(at) = self.index.order[owner.node.start..owner.node.end]
                .iter()
                .copied()
                .find(|at| of_hosts(self.kind(*at)))
        {
            let range = self.range(at, Part::Owner);
            self.problems.push(
                Problem::error(
                    "dns::host-name",
                    format!("the host `{}` has a `/` in its name", owner.name),
                )
                .maybe_at(range, "")
                .help("validns refuses it: only zones of RFC 2317 and aliases have such names"),
            );
            return;
        }
        if self.has(owner.node, RecordType::A) || self.has(owner.node, RecordType::AAAA) {
            let at = self.index.order[owner.node.start..owner.node.end]
                .iter()
                .copied()
                .find(|at| matches!(self.kind(*at), RecordType::A | RecordType::AAAA));
            if !asterisk && let Some(at) = at {
                self.host_name(owner.name, at, Part::Owner, "owner of an address");
            }
        }
    }
}

/// Whether a label other than a first one of `*` alone has an asterisk.
fn has_literal_asterisk(name: &Name) -> bool {
    let mut labels = name.labels().enumerate();
    labels.any(|(at, label)| label.contains(&b'*') && (at > 0 || label != b"*"))
}
