//! Names that a wildcard answered for until names below them were made.

use std::collections::{BTreeSet, HashMap};

use crate::{Name, Record, RecordType, Zone};

impl Zone {
    /// The records that let a wildcard go on answering as if `names` were not there.
    ///
    /// A wildcard does not answer for names that exist, nor below them (RFC 4592), and a name exists as
    /// soon as one below it does: with `*` and `a.b`, `b` has no records and `c.b` does not exist. For
    /// every name between one of `names` and the wildcard above it that has no records, this gives the
    /// wildcard's records at the name and one level below; for one of `names` that has records but
    /// neither addresses nor an alias, at the name itself. Names that begin with `_` are left out: nobody looks
    /// for hosts there.
    ///
    /// ```
    /// use dns_zone::{LoadOptions, parse};
    /// let text = "$TTL 60\n* A 192.0.2.1\na.b A 192.0.2.2\n_acme-challenge.c TXT x\n";
    /// let zone = parse("db", text, &LoadOptions::new("home.arpa".parse()?)).zone;
    /// let gaps = zone.wildcard_gaps(&["a.b.home.arpa".parse()?, "_acme-challenge.c.home.arpa".parse()?]);
    /// let gaps: Vec<String> = gaps.iter().map(|one| one.owner.to_string()).collect();
    /// assert_eq!(gaps, ["b.home.arpa.", "*.b.home.arpa.", "c.home.arpa.", "*.c.home.arpa."]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn wildcard_gaps<'n>(&self, names: impl IntoIterator<Item = &'n Name>) -> Vec<Record> {
        let mut gaps = BTreeSet::new();
        if !self.records().any(|record| record.owner.is_wildcard()) {
            return Vec::new();
        }
        // What wildcards right below a name have: many names share the ones above them.
        let mut known: HashMap<Name, Vec<&Record>> = HashMap::new();
        for name in names {
            // The names from this one up to the zone, and the wildcard that stands for them.
            let mut between: Vec<Name> = vec![name.clone()];
            let mut at = name.parent();
            while let Some(here) = at
                && here.is_within(self.origin())
            {
                let is_own = name.is_wildcard() && between.len() == 1;
                let records = known
                    .entry(here.clone())
                    .or_insert_with(|| self.wildcard_hosts(&here));
                if !is_own && !records.is_empty() {
                    self.fill(&between, name, records, &mut gaps);
                    break;
                }
                // Names above one that exists by itself are no gaps of this one.
                at = here.parent();
                between.push(here);
            }
        }
        gaps.into_iter().collect()
    }

    /// Where the wildcard right below a name leads.
    fn wildcard_hosts(&self, name: &Name) -> Vec<&Record> {
        let Ok(wildcard) = name.prepend(b"*") else {
            return Vec::new();
        };
        let records = self.records_of(&wildcard);
        records.filter(|one| is_host(one)).collect()
    }

    fn fill(
        &self,
        between: &[Name],
        name: &Name,
        records: &[&Record],
        gaps: &mut BTreeSet<Record>,
    ) {
        for here in between {
            let underscore = here
                .labels()
                .next()
                .is_some_and(|label| label.starts_with(b"_"));
            if underscore || here.is_wildcard() {
                continue;
            }
            let mut own = self.records_of(here).peekable();
            let empty = own.peek().is_none();
            if here == name || !empty {
                let served = own.any(|one| is_host(one) || one.kind() == RecordType::NS);
                if !empty && !served && here == name {
                    gaps.extend(records.iter().map(|one| at(one, here)));
                }
                continue;
            }
            gaps.extend(records.iter().map(|one| at(one, here)));
            if let Ok(below) = here.prepend(b"*")
                && self.records_of(&below).next().is_none()
            {
                gaps.extend(records.iter().map(|one| at(one, &below)));
            }
        }
    }
}

fn is_host(record: &Record) -> bool {
    matches!(
        record.kind(),
        RecordType::A | RecordType::AAAA | RecordType::CNAME
    )
}

fn at(record: &Record, owner: &Name) -> Record {
    Record::new(owner.clone(), record.ttl, record.data.clone())
}

#[cfg(test)]
mod tests {
    use crate::{LoadOptions, Name, Outcome, RecordType, Zone, parse};

    fn zone(text: &str) -> Zone {
        let options = LoadOptions::new("home.arpa".parse().unwrap());
        parse(
            "db",
            format!("$TTL 60\n@ SOA ns1 h 1 2 3 4 5\n{text}"),
            &options,
        )
        .zone
    }

    /// The owners of what is missing for these names.
    fn gaps(text: &str, names: &[&str]) -> Vec<String> {
        let names: Vec<Name> = names
            .iter()
            .map(|name| format!("{name}.home.arpa").parse().unwrap())
            .collect();
        let found = zone(text).wildcard_gaps(&names);
        found
            .iter()
            .map(|one| one.owner.to_string().replace(".home.arpa.", ""))
            .collect()
    }

    #[test]
    fn what_a_name_hides_is_told() {
        for (text, names, wanted) in [
            ("a.b A 192.0.2.2\n", &["a.b"][..], &[][..]),
            ("* A 192.0.2.1\na A 192.0.2.2\n", &["a"], &[]),
            ("* A 192.0.2.1\na.b A 192.0.2.2\n", &["a.b"], &["b", "*.b"]),
            (
                "* A 192.0.2.1\na.b.c A 192.0.2.2\n",
                &["a.b.c"],
                &["c", "*.c", "b.c", "*.b.c"],
            ),
            (
                "* A 192.0.2.1\na.b A 192.0.2.2\nb A 192.0.2.3\n",
                &["a.b"],
                &[],
            ),
            (
                "* A 192.0.2.1\na.b A 192.0.2.2\n*.b A 192.0.2.3\n",
                &["a.b", "*.b"],
                &["b"],
            ),
            ("* A 192.0.2.1\na TXT x\n", &["a"], &["a"]),
            (
                "* A 192.0.2.1\n_acme-challenge.a TXT x\n",
                &["_acme-challenge.a"],
                &["a", "*.a"],
            ),
            (
                "* A 192.0.2.1\n_http._tcp.a SRV 0 0 80 b\n",
                &["_http._tcp.a"],
                &["a", "*.a"],
            ),
            ("*.c A 192.0.2.1\na.b A 192.0.2.2\n", &["a.b"], &[]),
            ("* TXT x\na.b A 192.0.2.2\n", &["a.b"], &[]),
            (
                "* A 192.0.2.1\n* AAAA 2001:db8::1\na.b A 192.0.2.2\n",
                &["a.b"],
                &["b", "b", "*.b", "*.b"],
            ),
        ] {
            assert_eq!(gaps(text, names), wanted, "{text}");
        }
    }

    #[test]
    fn with_them_the_wildcard_answers_as_before() {
        let before = zone("* A 192.0.2.1\n");
        let text = "* A 192.0.2.1\na.b.c A 192.0.2.2\n_x.d TXT y\n";
        let after = zone(text);
        let names = ["a.b.c.home.arpa", "_x.d.home.arpa"].map(|name| name.parse().unwrap());
        let gaps = after.wildcard_gaps(&names);
        let filled =
            Zone::from_records(after.origin().clone(), after.records().cloned().chain(gaps));
        for name in ["b.c", "c", "x.c", "x.b.c", "x.y.c", "d", "x.d", "e", "x.e"] {
            let name: Name = format!("{name}.home.arpa").parse().unwrap();
            let answer = |zone: &Zone| {
                let answer = zone.answer(&name, RecordType::A);
                assert_eq!(answer.outcome, Outcome::Answer, "{name}");
                answer
                    .answers
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
            };
            assert_eq!(answer(&filled), answer(&before), "{name}");
        }
    }
}
