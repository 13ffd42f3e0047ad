//! Zones put together by dice.

use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};

/// A zone that everybody takes: plain names, every common record type, many ways to write it.
pub(super) fn zone(seed: u64, records: usize) -> String {
    Dice::new(seed, false).zone(records)
}

/// A zone that BIND takes: also odd names, all record types, relative origins, `$GENERATE`, times to
/// live that differ within a set, records twice.
pub(super) fn wild_zone(seed: u64, records: usize) -> String {
    Dice::new(seed, true).zone(records)
}

struct Dice {
    rng: StdRng,
    wild: bool,
    out: String,
    /// Below which origin names are relative now, as a prefix of the zone.
    below: String,
    last_owner: Option<String>,
    count: usize,
}

impl Dice {
    fn new(seed: u64, wild: bool) -> Self {
        Self {
            rng: StdRng::seed_from_u64(seed),
            wild,
            out: String::new(),
            below: String::new(),
            last_owner: None,
            count: 0,
        }
    }

    fn chance(&mut self, percent: u32) -> bool {
        self.rng.random_range(0..100) < percent
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from.choose(&mut self.rng).unwrap()
    }

    fn zone(mut self, records: usize) -> String {
        if self.chance(70) {
            self.out += "$ORIGIN home.lab.\n";
        }
        if self.chance(30) {
            self.out += "; a zone put together by dice\n\n";
        }
        let ttl = self.pick(&["3600", "1h", "1d", "2H30M", "300"]).to_owned();
        self.out.extend(["$TTL ", &ttl, "\n"]);
        // validns takes no dot inside of a label.
        let dotted = if self.wild { "host\\.master" } else { "host" };
        let plain = format!("@ IN SOA ns1 {dotted} 2024010101 7200 3600 1209600 300\n");
        let forms = [
            plain.as_str(),
            "@\tSOA\tns1.home.lab. admin (\n\t2024010101 ; serial\n\t2h ; refresh\n\t1h ; retry\n\t2w ; expire\n\t5m ) ; minimum\n",
            "home.lab. 3600 IN SOA ( ns1 admin 1 2h\n 1h 2w 300\n )\n",
        ];
        let soa = self.pick(&forms).to_owned();
        self.out += &soa;
        let line = self.pick(&[
            "@ NS ns1\n",
            "  IN NS ns1\n",
            "@ NS ns1 ; ours\n@ NS ns.example.net.\n",
        ]);
        self.out += line;
        self.out += "ns1 A 192.168.1.2\n";
        self.last_owner = Some("ns1".to_owned());
        for _ in 0..records {
            self.record();
            if self.chance(6) {
                let line =
                    self.pick(&["\n", "  \n", "; a comment\n", "\t; with a blank; and \"(\n"]);
                self.out += line;
            }
            if self.wild && self.chance(3) {
                self.origin();
            }
            if self.wild && self.chance(2) {
                self.generate();
            }
        }
        // BIND wants a line end behind `$GENERATE`.
        let last = self.out.lines().last().unwrap_or_default();
        if !last.starts_with('$') && self.chance(20) {
            self.out.pop();
        }
        self.out
    }

    fn origin(&mut self) {
        if self.below.is_empty() {
            let label = self.pick(&["lan", "iot", "Deep.er"]);
            let line = match self.rng.random_range(0..3) {
                0 => format!("$ORIGIN {label}\n"),
                1 => format!("$ORIGIN {label}.home.lab. ; down\n"),
                _ => format!("$ORIGIN {label}.HOME.lab.\n"),
            };
            self.out += &line;
            self.below = format!("{label}.");
        } else {
            self.out += "$ORIGIN home.lab.\n";
            self.below.clear();
        }
    }

    fn generate(&mut self) {
        self.count += 1;
        let n = self.count;
        let line = match self.rng.random_range(0..6) {
            0 => format!("$GENERATE 1-4 g{n}-$ A 10.0.0.$\n"),
            1 => format!("$GENERATE 0-10/5 g{n}-${{0,3,d}} 60 IN A 10.1.$.${{1}}\n"),
            2 => format!("$GENERATE 8-11 g{n}-${{0,2,x}} CNAME g-${{-8,0,X}}.x\n"),
            3 => format!("$GENERATE 250-252 ${{0,3,n}}.g{n} TXT x$\n"),
            4 => format!("$GENERATE 7-9 g{n}-${{0,0,o}} AAAA 2001:db8::$\n"),
            _ => format!("$GENERATE 1-2 g{n}-$ MX \"1$ m$\"\n"),
        };
        self.out += &line;
    }

    fn label(&mut self) -> String {
        self.count += 1;
        let n = self.count;
        let plain = ["www", "Wiki", "db", "mail", "a-b", "x1", "srv"];
        let odd = [
            "a_b",
            "x\\.y",
            "a\\032b",
            "a\\;b",
            "q\\\"q",
            "back\\\\slash",
            "*x",
            "p\\(p\\)",
            "d\\$\\@",
            "o\\001o",
            "\\195\\188",
            "100",
            "in",
            "mx",
            "t+e=s~t",
            "a/b",
        ];
        let stem = if self.wild && self.chance(25) {
            self.pick(&odd)
        } else {
            self.pick(&plain)
        };
        format!("{stem}{n}")
    }

    /// A name, and how it is written.
    fn owner(&mut self) -> String {
        if self.chance(20) {
            // one that comes again, perhaps under another origin
            return self.pick(&["www", "DB", "db", "a.b"]).to_owned();
        }
        let label = self.label();
        match self.rng.random_range(0..10) {
            0 => format!("{label}.sub{}", self.count),
            1 => format!("*.{label}"),
            2 if self.below.is_empty() => format!("{label}.home.lab."),
            3 => format!("{label}.HOME.Lab."),
            _ => label,
        }
    }

    fn target(&mut self) -> String {
        let wild = self.wild;
        let mut names = vec![
            "ns1.home.lab.",
            "host.example.net.",
            "NS1.home.lab.",
            "example.org.",
        ];
        if wild {
            names.extend([
                "@",
                ".",
                "Some\\.Where.example.",
                "x\\032y",
                "rel.ative",
                "100",
            ]);
        } else if self.below.is_empty() {
            names.push("ns1");
        }
        self.pick(&names).to_owned()
    }

    fn text(&mut self) -> String {
        let texts = [
            "\"hello\"",
            "hello",
            "\"two words\"",
            "\"\"",
            "\"semi;colon\"",
            "\"q\\\"q\"",
            "\"b\\\\s\"",
            "\"\\001\\255\"",
            "\"$ @ ()\"",
            "a\\;b",
            "\"v=spf1 -all\"",
            "x=y",
            "\\065bc",
            "\"'\"",
        ];
        let count = if self.chance(30) {
            self.rng.random_range(2..5)
        } else {
            1
        };
        let chosen: Vec<_> = (0..count).map(|_| self.pick(&texts)).collect();
        chosen.join(" ")
    }

    fn data(&mut self) -> (&'static str, String) {
        let number = self.rng.random_range(0..=u16::MAX);
        let octet = number % 256;
        match self.rng.random_range(0..if self.wild { 34 } else { 16 }) {
            0..=4 => ("A", format!("10.{octet}.{}.{}", number / 256, octet / 2)),
            5 => {
                let addresses = ["2001:db8::1", "2001:DB8:0:0:1:0:0:1", "fd00::1:2:3", "::ffff:1.2.3.4", "2001:db8:1:2:3:4:5:6", "1:0:0:2:0:0:0:3"];
                ("AAAA", self.pick(&addresses).to_owned())
            }
            6 => ("CNAME", self.target()),
            7 => ("MX", format!("{number} {}", self.target())),
            8 | 9 => ("TXT", self.text()),
            10 => ("SRV", format!("{octet} {number} {number} {}", self.target())),
            11 => ("PTR", self.target()),
            12 => ("NAPTR", format!("{number} {octet} \"S\" \"SIP+D2U\" \"!^.*$!sip:x@example.com!\" {}", self.target())),
            13 => ("SSHFP", "4 2 123456789abcdef67890123456789abcdef67890123456789ABCDEF123456789".to_owned()),
            14 => ("TLSA", "3 1 1 ( D2ABDE240D7CD3EE6B4B28C54DF034B9\n 7983A1D16E8A410E4561CB106618E971 )".to_owned()),
            15 => ("RP", format!("{} {}", self.target(), self.target())),
            16 => {
                let values = ["0 issue \"letsencrypt.org\"", "128 issue \";\"", "0 iodef \"mailto:a@b.c\"", "0 issuewild \"a; b=c\\\"d\""];
                ("CAA", self.pick(&values).to_owned())
            }
            17 => {
                let values = ["1 . alpn=h2,h3", "1 . alpn=\"h2,h3\" port=8443", "0 svc.example.", "16 foo mandatory=alpn,port alpn=h2 port=53", "1 . ipv4hint=1.2.3.4,5.6.7.8 ipv6hint=2001:db8::1", "1 . key667=\"hello\\210qoo\"", "2 . key65000", "1 . alpn=h2 no-default-alpn", "1 . ech=AEP+DQA/"];
                let kind = if self.chance(50) { "HTTPS" } else { "SVCB" };
                (kind, self.pick(&values).to_owned())
            }
            18 => ("HINFO", "PC \"Linux 6\"".to_owned()),
            19 => ("LOC", self.pick(&["52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m", "42 21 54 N 71 06 18 W -24m 30m", "1 N 2 E 3m", "52 14 05 S 00 08 50.5 E 10.5"]).to_owned()),
            20 => ("TYPE65280", self.pick(&["\\# 4 0a00000b", "\\# 0", "\\# 3 ab cd ef"]).to_owned()),
            21 => ("TYPE1", "\\# 4 01020304".to_owned()),
            22 => ("A", "\\# 4 0A0B0C0D".to_owned()),
            23 => ("URI", format!("{number} {octet} \"https://example.org/?a=b\"")),
            24 => ("DNSKEY", "257 3 ECDSAP256SHA256 ( mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+\n KkxLbxILfDLUT0rAK9iUzy1L53eKGQ== )".to_owned()),
            25 => ("AFSDB", format!("{octet} {}", self.target())),
            26 => ("EUI48", "00-00-5E-00-53-2A".to_owned()),
            27 => ("L64", format!("{octet} 2001:0DB8:1140:1000")),
            28 => ("APL", "1:192.168.32.0/21 !1:192.168.38.0/28 2:FF00::/8".to_owned()),
            29 => ("CERT", "PGP 0 0 AQIDBA==".to_owned()),
            30 => ("SPF", "\"v=spf1 -all\"".to_owned()),
            31 => ("CSYNC", "66 3 NS A TYPE1234 AAAA".to_owned()),
            32 => ("OPENPGPKEY", "AQID BAUG Bwg=".to_owned()),
            _ => ("NSAP", "0x47.0005.80.005a00.0000.0001.e133.ffffff000162.00".to_owned()),
        }
    }

    fn record(&mut self) {
        let again = self.last_owner.is_some() && self.chance(20);
        let (kind, data) = loop {
            let (kind, data) = self.data();
            // An alias stands alone.
            if !(again && kind == "CNAME") {
                break (kind, data);
            }
        };
        let mut line = String::new();
        if !again {
            let owner = match kind {
                "SRV" => format!("_sip._tcp.{}", self.label()),
                "CNAME" => self.label(),
                _ => self.owner(),
            };
            line += &owner;
            self.last_owner = (kind != "CNAME").then_some(owner);
        }
        line += self.pick(&[" ", "\t", "   "]);
        // All records of a set have one time to live, unless it may be wild.
        let ttl = if self.wild && self.chance(25) {
            Some(self.pick(&["60", "5m", "1h30m", "0", "86400"]))
        } else {
            None
        };
        let class = self.chance(30).then(|| self.pick(&["IN", "in", "In"]));
        // validns takes no semicolon of a text inside.
        let parenthesis = self.chance(8) && !data.contains(['(', ';']);
        // NSD and validns do not take it everywhere in front of the type.
        let early = parenthesis && self.wild && self.chance(50);
        if early {
            line += "( ";
        }
        if let Some(ttl) = ttl {
            line.extend([ttl, " "]);
        }
        if let Some(class) = class {
            line.extend([class, " "]);
        }
        line += &if self.chance(15) && !kind.starts_with("TYPE") {
            kind.to_ascii_lowercase()
        } else {
            kind.to_owned()
        };
        line += self.pick(&[" ", "\t", "  "]);
        if parenthesis && !early {
            line += "( ";
        }
        line += &data;
        if parenthesis {
            line += self.pick(&[" )", "\n\t)", " ; inside\n )"]);
        }
        if self.chance(12) {
            line += self.pick(&[" ; comment", ";comment \"", "\t;", "  "]);
        }
        line.push('\n');
        self.out += &line;
        if self.wild && self.chance(4) {
            self.out += &line;
        }
    }
}
