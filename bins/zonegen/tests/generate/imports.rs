//! `zonegen import`.

use crate::support::Place;

#[test]
fn hosts_files() {
    let text = "\
127.0.0.1 localhost me.home.arpa
::1 ip6-localhost ip6-loopback
192.168.1.20\tnas  NAS.home.arpa # box
192.168.1.21 a.home.arpa. b.example.com
0.0.0.0 ads.home.arpa
fe80::1%eth0 link.home.arpa
300.1.1.1 bad.home.arpa
fd00::5 six bücher.home.arpa
192.168.1.22 -
";
    let place = Place::new(&[("hosts", text)]);
    let outcome = place.run("import hosts hosts --origin home.arpa --ttl 60");
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    assert_eq!(
        outcome.out,
        "$ORIGIN home.arpa.\n$TTL 60\n\\- 60 IN A 192.168.1.22\na 60 IN A 192.168.1.21\nnas 60 IN A 192.168.1.20\nsix 60 IN AAAA fd00::5\nxn--bcher-kva 60 IN AAAA fd00::5\n"
    );
    for place in [
        "hosts:1:1",
        "hosts:4:1",
        "hosts:5:1",
        "hosts:6:1",
        "hosts:7:1",
    ] {
        assert!(outcome.err.contains(place), "{place}: {}", outcome.err);
    }
    let outcome = place.run("import hosts hosts --origin home.arpa --ns ns1=192.168.1.10 -o db");
    assert_eq!((outcome.code, outcome.out.as_str()), (0, ""));
    assert!(place.read("db").starts_with("$ORIGIN home.arpa.\n$TTL 300\n@ 300 IN SOA ns1 hostmaster 1 3600 900 604800 300\n@ 300 IN NS ns1\n"));
    assert!(
        place
            .run("import hosts hosts --origin home.arpa -o db")
            .err
            .contains("there already")
    );
    place.write("elsewhere", "192.168.1.9 a.example.com\n");
    let outcome = place.run("import hosts elsewhere --origin home.arpa");
    assert!(
        outcome.code == 1 && outcome.err.contains("there is no record"),
        "{outcome:?}"
    );
    assert_eq!(place.run("import hosts nothing --origin home.arpa").code, 1);
    assert_eq!(
        place
            .run("import hosts hosts --origin home.arpa --ns ns1")
            .code,
        1
    );
}

#[test]
fn dnsmasq() {
    let text = "\
# comment
domain-needed
server=/corp/10.0.0.1
address=/apps.home.arpa/192.168.1.10
address=/one.home.arpa/two.home.arpa/fd00::1
address=/ads.example/
address=/ads.example/0.0.0.0
host-record=a.home.arpa,b,192.168.1.3,fd00::3,60
cname=w,x.home.arpa,a.home.arpa,120 # aliases
txt-record=t.home.arpa,\"a,b\",c
srv-host=_ldap._tcp.home.arpa,a.home.arpa,389,1,2
srv-host=_none._tcp.home.arpa
mx-host=home.arpa,mail.example.com,10
ptr-record=_http._tcp.home.arpa,a.home.arpa
addn-hosts=/etc/more
dhcp-host=aa:bb:cc:dd:ee:ff,box
cname=alone
host-record=c.home.arpa
";
    let place = Place::new(&[("conf", text)]);
    let outcome = place.run("import dnsmasq conf --origin home.arpa");
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    let lines: Vec<&str> = outcome.out.lines().skip(2).collect();
    let mut sorted = vec![
        "@ 300 IN MX 10 mail.example.com.",
        "_http._tcp 300 IN PTR a",
        "_ldap._tcp 300 IN SRV 1 2 389 a",
        "_none._tcp 300 IN SRV 0 0 1 .",
        "a 60 IN A 192.168.1.3",
        "a 60 IN AAAA fd00::3",
        "apps 300 IN A 192.168.1.10",
        "*.apps 300 IN A 192.168.1.10",
        "b 60 IN A 192.168.1.3",
        "b 60 IN AAAA fd00::3",
        "one 300 IN AAAA fd00::1",
        "*.one 300 IN AAAA fd00::1",
        "t 300 IN TXT \"a,b\" \"c\"",
        "two 300 IN AAAA fd00::1",
        "*.two 300 IN AAAA fd00::1",
        "w 120 IN CNAME a",
        "x 120 IN CNAME a",
    ];
    let mut found = lines.clone();
    found.sort_unstable();
    sorted.sort_unstable();
    assert_eq!(found, sorted);
    for line in [6, 7, 15, 16, 17, 18] {
        assert!(
            outcome.err.contains(&format!("conf:{line}:1")),
            "{line}: {}",
            outcome.err
        );
    }
}

#[test]
fn pihole() {
    let toml = "\
# Pi-hole configuration file
[dns]
  upstreams = [ \"9.9.9.9\" ]
  hosts = [
    \"192.168.1.5 pi.home.arpa pi\", ### CHANGED
    \"192.168.1.6\",
    \"nonsense\"
  ]
  cnameRecords = [ \"c.home.arpa,pi.home.arpa\", \"d.home.arpa,pi.home.arpa,60\" ]
[webserver]
  port = \"80o,443os\"
";
    let place = Place::new(&[
        ("pihole.toml", toml),
        ("custom.list", "192.168.1.5 pi.home.arpa\n"),
        ("cname.conf", "cname=c.home.arpa,pi.home.arpa\n"),
        ("bad.toml", "[dns\n"),
    ]);
    let outcome = place.run("import pihole pihole.toml --origin home.arpa");
    assert_eq!(
        outcome.out,
        "$ORIGIN home.arpa.\n$TTL 300\nc 300 IN CNAME pi\nd 60 IN CNAME pi\npi 300 IN A 192.168.1.5\n"
    );
    assert!(outcome.err.contains("pihole.toml:7:5"), "{}", outcome.err);
    assert_eq!(
        place.good("import pihole custom.list cname.conf --origin home.arpa"),
        "$ORIGIN home.arpa.\n$TTL 300\nc 300 IN CNAME pi\npi 300 IN A 192.168.1.5\n"
    );
    let err = place.bad(
        "import pihole bad.toml --origin home.arpa",
        "import::bad-toml",
    );
    assert!(err.contains("bad.toml:1:"), "{err}");
}
