//! `labelgen` from the outside.

#![expect(clippy::unwrap_used, reason = "test helpers")]

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use common::Io;
use tempfile::TempDir;

/// A directory with files, and an environment.
struct Place {
    dir: TempDir,
    env: BTreeMap<String, String>,
}

/// What a command left behind.
struct Outcome {
    code: u8,
    out: String,
    err: String,
}

impl Place {
    fn new(files: &[(&str, &str)]) -> Self {
        let dir = TempDir::new().unwrap();
        for (name, text) in files {
            fs_err::write(dir.path().join(name), text).unwrap();
        }
        let env = BTreeMap::new();
        Self { dir, env }
    }

    fn path(&self) -> Utf8PathBuf {
        Utf8Path::from_path(self.dir.path()).unwrap().to_owned()
    }

    fn read(&self, name: &str) -> String {
        fs_err::read_to_string(self.dir.path().join(name)).unwrap()
    }

    fn run(&self, words: &str) -> Outcome {
        self.run_with(words, "")
    }

    fn run_with(&self, words: &str, stdin: &str) -> Outcome {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let words = std::iter::once("labelgen")
            .chain(words.split(' '))
            .map(Into::into);
        let code = labelgen::run_in(
            &self.path(),
            &self.env,
            words.collect(),
            &mut stdin.as_bytes(),
            &mut Io::new(&mut out, &mut err),
        );
        let (out, err) = (
            String::from_utf8(out).unwrap(),
            String::from_utf8(err).unwrap(),
        );
        Outcome { code, out, err }
    }
}

const COMPOSE: &str = "\
name: shop
services:
  web:
    image: nginx  # pinned elsewhere
    expose: [8080]
    labels:
      # how it is reached
      traefik.http.routers.web.rule: Host(`shop.example`)
      traefik.http.routers.web.entrypoint: websecure
      com.example.owner: me
";

#[test]
fn decode_traefik() {
    let input = r#"{"containers":[{"name":"app-1","labels":{"traefik.http.middlewares.x.compress":"true"},"network_mode":"bridge","networks":{"web":{"ip":"172.20.0.2"}},"ports":["80/tcp"],"health":"none"},{"name":"bad","labels":{"traefik.http.nosuch":"1"}}]}"#;
    let outcome = Place::new(&[]).run_with("--message-format json decode traefik", input);
    assert_eq!(outcome.code, 0);
    insta::assert_snapshot!(outcome.out, @r#"
    {
      "http": {
        "routers": {
          "app-1": {
            "entryPoints": [
              "web",
              "websecure"
            ],
            "service": "app-1",
            "rule": "Host(`app-1`)",
            "priority": 13
          }
        },
        "services": {
          "app-1": {
            "loadBalancer": {
              "servers": [
                {
                  "url": "http://172.20.0.2:80"
                }
              ],
              "strategy": "wrr",
              "passHostHeader": true,
              "responseForwarding": {
                "flushInterval": "100ms"
              }
            }
          }
        },
        "middlewares": {
          "x": {
            "compress": {
              "encodings": [
                "gzip",
                "br",
                "zstd"
              ]
            }
          }
        }
      },
      "tcp": {},
      "udp": {}
    }
    "#);
    let finding: serde_json::Value = serde_json::from_str(outcome.err.trim()).unwrap();
    assert_eq!(finding["container"], "bad");
    assert_eq!(finding["label"], "traefik.http.nosuch");
    assert_eq!(finding["level"], "error");
}

#[test]
fn decode_caddy() {
    let input = r#"{"containers":[{"name":"a","labels":{"caddy":"a.x","caddy.reverse_proxy":"{{upstreams 80}}"},"ips":["172.20.0.3","172.20.0.2"]},{"name":"b","labels":{"caddy":"{{"},"ips":[]}],"ingressNetworks":["ingress"]}"#;
    let outcome = Place::new(&[]).run_with("decode caddy --input -", input);
    assert_eq!(
        outcome.out,
        "a.x {\n\treverse_proxy 172.20.0.2:80 172.20.0.3:80\n}\n"
    );
    insta::assert_snapshot!(outcome.err, @"error[labels::CDY003]: b: `caddy`: unclosed action; all Caddy labels of the container are dropped");
}

#[test]
fn broken_input_names_its_place() {
    let place = Place::new(&[("bad.yaml", "services:\n  web: [\n")]);
    let outcome = place.run_with("decode traefik", "{\"containers\":[{]}");
    assert_eq!(outcome.code, 1);
    insta::assert_snapshot!(outcome.err, @"error: <stdin>:1:17: key must be a string at line 1 column 17");
    let outcome = place.run("check -f bad.yaml");
    assert_eq!(outcome.code, 1);
    assert!(outcome.err.contains("--> bad.yaml:"), "{}", outcome.err);
    assert_eq!(place.run("check -f missing.yaml").code, 1);
    assert_eq!(place.run("nosuch").code, 2);
}

#[test]
fn check_points_into_the_file() {
    let place = Place::new(&[("compose.yaml", COMPOSE)]);
    let outcome = place.run("check -f compose.yaml");
    assert_eq!((outcome.code, outcome.out.as_str()), (1, ""));
    insta::assert_snapshot!(outcome.err, @"
    error[labels::TRF001]: a router has no field `entrypoint`
     --> compose.yaml:9:7
      |
    9 |       traefik.http.routers.web.entrypoint: websecure
      |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: did you mean `entryPoints`?
      = help: Traefik drops everything that this container declares
    help: write `traefik.http.routers.web.entrypoints`
      |
    9 |       traefik.http.routers.web.entrypoints: websecure
      |                                          +

    1 error, 0 warnings
    ");
    let outcome = place.run("--message-format github check -f compose.yaml");
    assert!(outcome.err.starts_with("::error file=compose.yaml,line=9,col=7,endLine=9,endColumn=42,title=labels%3A%3ATRF001::a router has no field `entrypoint`%0A"), "{}", outcome.err);
    let outcome = place.run("--message-format sarif check -f compose.yaml");
    let document: serde_json::Value = serde_json::from_str(&outcome.out).unwrap();
    let result = &document["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "labels::TRF001");
    assert_eq!(
        result["locations"][0]["physicalLocation"]["region"]["startLine"],
        9
    );
    assert_eq!(place.run("check -f compose.yaml --allow trf001").code, 0);
    // The Compose file of the directory is found by name.
    assert_eq!(place.run("check").code, 1);
}

#[test]
fn routes_are_written_into_the_compose_file() {
    let routes = "routes:\n  web: {host: 'shop.${DOMAIN}', port: 8080, middlewares: [{basic-auth: 'a:$$2y$$05$$x'}]}\n";
    let mut place = Place::new(&[
        ("compose.yaml", COMPOSE),
        ("routes.yaml", routes),
        (".env.prod", "DOMAIN=example\n"),
    ]);
    let outcome = place.run("synth routes.yaml --apply compose.yaml");
    assert_eq!(
        (outcome.code, outcome.err.as_str()),
        (
            1,
            "error: no proxy is selected: set TRAEFIK_ENABLE or CADDY_ENABLE, or use --proxy\n"
        )
    );

    place
        .env
        .insert("CADDY_ENABLE".to_owned(), "true".to_owned());
    assert_eq!(place.run("synth routes.yaml --apply compose.yaml").code, 0);
    insta::assert_snapshot!(place.read("compose.yaml"), @r#"
    name: shop
    services:
      web:
        image: nginx  # pinned elsewhere
        expose: [8080]
        labels:
          # how it is reached
          com.example.owner: me
          caddy: shop.${DOMAIN}
          caddy.basic_auth.a: $$2y$$05$$x
          caddy.reverse_proxy: "{{upstreams 8080}}"
    "#);
    assert_eq!(
        place.run("synth routes.yaml --apply compose.yaml").err,
        "compose.yaml: nothing to change\n"
    );

    let outcome = place.run("synth routes.yaml --env .env.prod --proxy traefik --format json");
    let made: serde_json::Value = serde_json::from_str(&outcome.out).unwrap();
    assert_eq!(
        made["services"]["web"]["traefik.http.routers.web.rule"],
        "Host(`shop.example`)"
    );
    assert_eq!(
        made["services"]["web"]["traefik.http.middlewares.web-auth.basicauth.users"],
        "a:$2y$05$x"
    );
}

#[test]
fn nothing_is_written_when_something_is_wrong() {
    let routes = "routes: {web: {host: a.example, port: 80}, other: {host: b.example, port: 80}}";
    let place = Place::new(&[("compose.yaml", COMPOSE), ("routes.yaml", routes)]);
    let outcome = place.run("synth routes.yaml --proxy traefik --apply compose.yaml");
    assert_eq!(outcome.code, 1, "{}", outcome.err);
    assert_eq!(place.read("compose.yaml"), COMPOSE);
}

#[test]
fn convert_is_told_what_resolvers_do() {
    let text = COMPOSE
        .replace("entrypoint:", "tls.certresolver:")
        .replace("websecure", "le");
    let place = Place::new(&[("compose.yaml", &text)]);
    let convert = "convert --from traefik --to caddy -f compose.yaml --resolver";
    let outcome = place.run(&format!("{convert} le=dns:cloudflare"));
    assert!(
        outcome
            .out
            .contains("caddy.tls.dns=cloudflare {env.CF_API_TOKEN}"),
        "{}{}",
        outcome.out,
        outcome.err
    );
    assert_eq!((outcome.code, &*outcome.err), (0, ""));
    let outcome = place.run(&format!("{convert} le=dns:x:TOKEN"));
    assert!(outcome.out.contains("x {env.TOKEN}"), "{}", outcome.out);
    let outcome = place.run(&format!("{convert} le=other"));
    assert!(
        outcome.err.contains("none of auto, internal"),
        "{}",
        outcome.err
    );
    assert_ne!(outcome.code, 0);
}

#[test]
fn convert_reports_losses() {
    let text = COMPOSE
        .replace("entrypoint:", "priority:")
        .replace("websecure", "'7'");
    let outcome = Place::new(&[("compose.yaml", &text)])
        .run("convert --from traefik --to caddy -f compose.yaml");
    assert_eq!(
        outcome.out,
        "# web\ncaddy=shop.example\ncaddy.reverse_proxy={{upstreams 8080}}\n"
    );
    assert!(
        outcome.err.contains("warning[convert::priority]"),
        "{}",
        outcome.err
    );
    assert_eq!(outcome.code, 0);
}

#[test]
fn explain_says_who_answers_and_why_not() {
    let place = Place::new(&[
        ("compose.yaml", COMPOSE),
        ("good.yaml", &COMPOSE.replace("entrypoint:", "entrypoints:")),
    ]);
    let outcome = place.run("explain shop.example -f good.yaml");
    insta::assert_snapshot!(outcome.out, @"
    shop.example:
      Traefik, HTTP router web
        rule         Host(`shop.example`)
        priority     20
        entry points websecure
        service      web-shop
        servers      http://172.20.0.2:8080
        containers   shop-web-1
        networks     shop_default
    ");
    let outcome = place.run("explain shop.example -f compose.yaml");
    assert_eq!(
        (outcome.code, outcome.out.as_str()),
        (1, "shop.example: nobody answers\n")
    );
    assert!(
        outcome
            .err
            .contains("Traefik drops everything this container declares"),
        "{}",
        outcome.err
    );
}
