//! Names that a wildcard answered for until names below them were made.

use std::collections::BTreeSet;

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
    pub fn wildcard_gaps(&self, names: &[Name]) -> Vec<Record> {
        let mut gaps = BTreeSet::new();
        for name in names {
            // The names from this one up to the zone, and the wildcard that stands for them.
            let mut between: Vec<Name> = Vec::new();
            let mut at = Some(name.clone());
            while let Some(here) = at
                && here.is_within(self.origin())
            {
                if let Ok(wildcard) = here.prepend(b"*")
                    && here != *name
                    && wildcard != *name
                {
                    let records: Vec<&Record> = self
                        .records_of(&wildcard)
                        .filter(|one| is_host(one))
                        .collect();
                    if !records.is_empty() {
                        self.fill(&between, name, &records, &mut gaps);
                        break;
                    }
                }
                // Names above one that exists by itself are no gaps of this one.
                between.push(here.clone());
                at = here.parent();
            }
        }
        gaps.into_iter().collect()
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
            if let Ok(below) = here.prepend(b"*") {
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
