//! `zonegen corefile`.

use crate::support::Place;

const CONFIG: &str = "\
zones:
  home.arpa:
    ns: {ns1: 192.168.1.10}
    views: {vpn: {networks: [10.8.0.0/24, 'fd08::/16'], target: 10.8.0.1}}
  192.168.1.0/24: {ns: ns1.home.arpa}
corefile: {zones: /z, reload: 30s, forward: [9.9.9.9], cache: 60, bind: [127.0.0.1], port: 1053, log: error}
";

#[test]
fn a_corefile_is_made_and_people_keep_theirs() {
    let place = Place::new(&[("zonegen.yaml", CONFIG)]);
    let text = place.good("corefile generate --dry-run");
    for part in [
        "home.arpa:1053 {\n    view vpn {\n        expr incidr(client_ip(), '10.8.0.0/24') || incidr(client_ip(), 'fd08::/16')\n    }\n    bind 127.0.0.1\n    file /z/home.arpa.vpn.zone {\n        reload 30s\n    }\n",
        "home.arpa:1053 {\n    bind 127.0.0.1\n    file /z/home.arpa.zone {\n",
        "1.168.192.in-addr.arpa:1053 {\n",
        ".:1053 {\n    bind 127.0.0.1\n    forward . 9.9.9.9\n    cache 60\n    errors\n    log {\n        class error\n    }\n    loop\n    reload\n}\n",
    ] {
        assert!(text.contains(part), "{part}\n---\n{text}");
    }
    assert!(!place.path().join("Corefile").exists());
    place.good("corefile generate");
    assert_eq!(place.read("Corefile"), text);
    assert!(place.good("corefile generate").contains("no change"));

    let mine = format!("# mine\nother.example {{\n  whoami\n}}\n{text}# the end\n");
    place.write("Corefile", &mine);
    place.write("zonegen.yaml", &CONFIG.replace("reload: 30s", "reload: 1m"));
    place.good("corefile generate");
    let changed = place.read("Corefile");
    assert!(
        changed.starts_with("# mine\nother.example {\n  whoami\n}\n")
            && changed.ends_with("# the end\n"),
        "{changed}"
    );
    assert!(changed.contains("reload 1m"));

    // A server of people for a zone of ours.
    place.write(
        "Corefile",
        &changed.replace("other.example", "home.arpa:1053"),
    );
    let before = place.read("Corefile");
    place.write("zonegen.yaml", CONFIG);
    place.bad("corefile generate", "corefile::view-order");
    assert_eq!(place.read("Corefile"), before);
    // A change inside of the block.
    place.write("Corefile", &changed.replace("reload 1m", "reload 5m"));
    place.bad("corefile generate", "zonegen::edited");
    place.good("corefile generate --overwrite-edits");
}

#[test]
fn what_coredns_takes_without_a_word_is_told() {
    let place = Place::new(&[(
        "Corefile",
        "home.lab { bind 1.2.3.4\n}\n. {\n    auto {\n        directory /z db\\.(.*) {1}\n    }\n}\n",
    )]);
    let err = place.bad("corefile check Corefile", "corefile::one-line-brace");
    assert!(
        err.contains("Corefile:1:12")
            && err.contains("[corefile::unanchored-auto]")
            && err.contains("Corefile:5:22"),
        "{err}"
    );
    place.write(
        "Corefile",
        ". {\n    auto {\n        directory /z\n    }\n    mine\n}\n",
    );
    assert_eq!(place.run("corefile check Corefile --plugin mine").code, 0);
    assert_eq!(
        place
            .run("corefile check Corefile --plugin mine --strict")
            .code,
        1
    );
    place.bad("corefile check Corefile", "corefile::unknown-directive");
    assert_eq!(place.run("corefile check nothing").code, 1);
}
