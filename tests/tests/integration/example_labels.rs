//! The labels of the example are those that `labelgen` makes of its routes, and have no mistakes.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use common::Io;
use homelab_tests::repository;

fn example() -> Utf8PathBuf {
    repository().join("examples/homelab")
}

fn labelgen(words: &str, env: &[(&str, &str)]) -> (u8, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let env: BTreeMap<String, String> = env
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let words = std::iter::once("labelgen")
        .chain(words.split(' '))
        .map(Into::into);
    let code = labelgen::run_in(
        &example(),
        &env,
        words.collect(),
        &mut std::io::empty(),
        &mut Io::new(&mut out, &mut err),
    );
    (
        code,
        String::from_utf8(out).unwrap(),
        String::from_utf8(err).unwrap(),
    )
}

#[test]
fn they_are_made_of_the_routes() {
    for service in ["whoami", "dashboard"] {
        let base = format!("compose/{service}/base.yaml");
        let (code, made, err) = labelgen(
            &format!(
                "synth routes.yaml --service {service} --proxy traefik --apply {base} --dry-run"
            ),
            &[],
        );
        assert_eq!((code, err.as_str()), (0, ""));
        assert_eq!(
            made,
            fs_err::read_to_string(example().join(&base)).unwrap(),
            "{base}: run labels.sh"
        );

        let words = format!("synth routes.yaml --service {service} --proxy caddy --format compose");
        let (code, made, err) = labelgen(&words, &[]);
        assert_eq!((code, err.as_str()), (0, ""));
        let file = format!("compose/{service}/caddy.yaml");
        let text = fs_err::read_to_string(example().join(&file)).unwrap();
        let text: String = text
            .lines()
            .filter(|line| !line.starts_with('#'))
            .flat_map(|line| [line, "\n"])
            .collect();
        assert_eq!(made, text, "{file}: run labels.sh");
    }
}

#[test]
fn they_have_no_mistakes() {
    let env = [
        ("MNT_DIR", "/tmp"),
        ("HTTP_PORT", "80"),
        ("HTTPS_PORT", "443"),
    ];
    for service in ["whoami", "dashboard", "traefik", "caddy"] {
        for place in ["default", "prod", "test"] {
            let words = format!(
                "check -f compose/{service}/{place}/compose.yaml --strict --not-exposed-by-default --traefik-network vnet-frontend --zero-downtime"
            );
            // Whether the entry point itself sets TLS is not in labels; here it does.
            let (code, out, err) = labelgen(&format!("{words} --allow TRF025"), &env);
            assert_eq!((code, out.as_str()), (0, ""), "{service}/{place}: {err}");
        }
    }
}
