//! Data of single records.

use super::{Checker, Part};
use crate::problem::Problem;
use crate::{Data, RecordType};

/// Tags of CAA that certificate authorities know.
const TAGS: [&str; 7] = [
    "issue",
    "issuewild",
    "iodef",
    "issuemail",
    "issuevmc",
    "contactemail",
    "contactphone",
];

impl Checker<'_> {
    pub(super) fn data(&mut self, at: u32) {
        let kind = self.kind(at);
        let wire = self.record(at).data.as_wire();
        match kind {
            RecordType::A | RecordType::AAAA => self.address(at),
            RecordType::CAA => self.issuer(at),
            RecordType::SSHFP => {
                self.value(at, 0, &[1, 2, 3, 4, 6], "algorithm of SSHFP");
                self.value(at, 1, &[1, 2], "fingerprint of SSHFP");
                let wanted = match wire.get(1) {
                    Some(1) => 20,
                    Some(2) => 32,
                    _ => return,
                };
                self.digest(at, 2, wire.len() - 2, wanted);
            }
            RecordType::TLSA | RecordType::SMIMEA => {
                self.value(at, 0, &[0, 1, 2, 3, 255], "certificate usage");
                self.value(at, 1, &[0, 1, 255], "selector of a certificate");
                self.value(at, 2, &[0, 1, 2, 255], "matching of a certificate");
                let wanted = match wire.get(2) {
                    Some(1) => 32,
                    Some(2) => 64,
                    _ => return,
                };
                self.digest(at, 3, wire.len() - 3, wanted);
            }
            RecordType::DS | RecordType::CDS => {
                let wanted = match wire.get(3) {
                    Some(1) => 20,
                    Some(2 | 3) => 32,
                    Some(4) => 48,
                    _ => return,
                };
                self.digest(at, 3, wire.len() - 4, wanted);
            }
            RecordType::ZONEMD => {
                let wanted = match wire.get(5) {
                    Some(1) => 48,
                    Some(2) => 64,
                    _ => return,
                };
                self.digest(at, 3, wire.len() - 6, wanted);
            }
            RecordType::MD | RecordType::MF => {
                self.obsolete(at, "it is obsolete, BIND and Knot refuse it: write MX");
            }
            RecordType::NULL => {
                self.obsolete(at, "master files have no such records (RFC 1035 section 3.3.10), Knot refuses them");
            }
            RecordType::DNSKEY | RecordType::CDNSKEY if wire.get(2) != Some(&3) => {
                let range = self.range(at, Part::Data(1));
                self.problems.push(
                    Problem::error("dns::value", "the protocol of a key is not 3")
                        .maybe_at(range, "")
                        .help("such a key is not used (RFC 4034 section 2.1.2)"),
                );
            }
            RecordType::NAPTR => self.rewriting(at),
            RecordType::SPF => {
                let range = self.range(at, Part::Owner);
                self.problems.push(
                    Problem::warning(
                        "dns::obsolete-type",
                        "SPF records are not looked at any more (RFC 7208)",
                    )
                    .maybe_at(range, "")
                    .help("write the policy as TXT"),
                );
            }
            RecordType::SVCB | RecordType::HTTPS => self.binding(at),
            _ => {}
        }
    }

    fn obsolete(&mut self, at: u32, help: &str) {
        let (range, kind) = (self.range(at, Part::Owner), self.kind(at));
        self.problems.push(
            Problem::error("dns::obsolete-type", format!("a record of type {kind}"))
                .maybe_at(range, "")
                .help(help),
        );
    }

    /// A number that means something.
    fn value(&mut self, at: u32, octet: usize, known: &[u8], what: &str) {
        let Some(value) = self.record(at).data.as_wire().get(octet) else {
            return;
        };
        if !known.contains(value) {
            let range = self.range(at, Part::Data(octet));
            let known: Vec<_> = known.iter().map(ToString::to_string).collect();
            self.problems.push(
                Problem::error("dns::value", format!("{value} is no {what}"))
                    .maybe_at(range, "")
                    .help(format!(
                        "there are {}; validns refuses others",
                        known.join(", ")
                    )),
            );
        }
    }

    /// The substitution of NAPTR (RFC 3402 section 3.2).
    fn rewriting(&mut self, at: u32) {
        let Data::Naptr { regexp, .. } = self.record(at).data.decode() else {
            return;
        };
        if let Err(why) = substitution(&regexp) {
            let range = self.range(at, Part::Data(4));
            self.problems.push(
                Problem::error("dns::naptr-regexp", format!("the substitution {why}"))
                    .maybe_at(range, "")
                    .help("it is `!pattern!replacement!`, with any separator, and perhaps an `i` behind; BIND refuses others"),
            );
        }
    }

    fn digest(&mut self, at: u32, word: usize, found: usize, wanted: usize) {
        if found == wanted {
            return;
        }
        let range = self.range(at, Part::Data(word));
        let kind = self.kind(at);
        self.problems.push(
            Problem::error(
                "dns::digest-length",
                format!("the digest of this {kind} has {found} octets, its kind {wanted}"),
            )
            .maybe_at(range, "")
            .help("copy it anew: some of it is missing, or the number before it is wrong"),
        );
    }

    fn issuer(&mut self, at: u32) {
        let Data::Caa { flags, tag, .. } = self.record(at).data.decode() else {
            return;
        };
        if flags != 0 && flags != 128 {
            let range = self.range(at, Part::Data(0));
            self.problems.push(
                Problem::warning("dns::caa-flags", format!("{flags} are no flags of CAA"))
                    .maybe_at(range, "")
                    .help("0, or 128 for an authority that has to understand the tag"),
            );
        }
        let range = self.range(at, Part::Data(1));
        if tag.bytes().any(|b| b.is_ascii_uppercase()) {
            self.problems.push(
                Problem::error(
                    "dns::caa-tag",
                    format!("the tag `{tag}` has upper-case letters"),
                )
                .maybe_at(range, "")
                .help(format!(
                    "NSD refuses it: write `{}`",
                    tag.to_ascii_lowercase()
                )),
            );
        } else if !TAGS.contains(&tag.as_str()) {
            let near = yaml_tree::nearest(&tag, TAGS);
            let mut problem = Problem::warning(
                "dns::caa-tag",
                format!("no authority knows the tag `{tag}`"),
            )
            .maybe_at(range, "");
            if let Some(near) = near {
                problem = problem.help(format!("did you mean `{near}`?"));
            }
            self.problems.push(problem);
        }
    }

    fn binding(&mut self, at: u32) {
        let (Data::Svcb {
            priority,
            parameters,
            ..
        }
        | Data::Https {
            priority,
            parameters,
            ..
        }) = self.record(at).data.decode()
        else {
            return;
        };
        if priority == 0 && !parameters.is_empty() {
            let range = self.range(at, Part::Data(2));
            self.problems.push(
                Problem::warning(
                    "dns::alias-parameters",
                    "a binding of priority 0 is an alias: its parameters are ignored",
                )
                .maybe_at(range, "")
                .help("write a priority of 1 or more (RFC 9460 section 2.4.2)"),
            );
        }
    }
}

/// Whether a text is a substitution, or nothing.
fn substitution(text: &[u8]) -> Result<(), &'static str> {
    let Some((&separator, rest)) = text.split_first() else {
        return Ok(());
    };
    if separator.is_ascii_digit() || matches!(separator, b'\\' | b'i' | 0) {
        return Err("begins with what cannot separate its parts");
    }
    let mut groups = 0;
    let mut separators = 0;
    let mut rest = rest.iter();
    while let Some(&byte) = rest.next() {
        match byte {
            b'i' if separators == 2 => {}
            _ if separators == 2 => return Err("has something behind its end"),
            byte if byte == separator => separators += 1,
            b'\\' => match rest.next() {
                None => return Err("ends with a backslash"),
                Some(digit @ b'1'..=b'9') if separators == 1 && digit - b'0' > groups => {
                    return Err("names a group that its pattern does not have");
                }
                Some(_) => {}
            },
            b'(' if separators == 0 => groups = groups.saturating_add(1),
            _ => {}
        }
    }
    if separators == 2 {
        Ok(())
    } else {
        Err("does not have three separators")
    }
}

#[cfg(test)]
mod tests {
    use super::substitution;

    #[test]
    fn substitutions() {
        for good in [
            "",
            "!^.*$!sip:info@example.com!",
            "!^(.*)$!\\1@x!i",
            "/a\\/b/c/",
        ] {
            assert_eq!(substitution(good.as_bytes()), Ok(()), "{good}");
        }
        for bad in ["!a", "!a!b", "1a1b1", "!a!\\1!", "!a!b!x", "!a!b\\"] {
            assert!(substitution(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
