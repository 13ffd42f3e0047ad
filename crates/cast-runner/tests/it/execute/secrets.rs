//! Values marked secret stay out of everything that is told.

use camino::Utf8Path;
use cast_runner::SecretSource;
use castfile::{Env, Substitute};

use super::{Lab, PLAIN, Setup};

const SECRET: &str = "hunter2-and-more";

fn castfile() -> String {
    format!(
        "
env:
  PASSWORD: {{value: {SECRET}, secret: true}}
  URL: 'postgres://lab:$PASSWORD@db'
tasks:
  says: 'echo \"it is $PASSWORD\"; echo \"$URL\" >&2; printf %s \"$PASSWORD\"'
  own: {{env: {{PIN: {{value: another-{SECRET}, secret: true}}}}, run: 'echo $PIN'}}
  command: {{env: {{A: '$(sh -c \"echo wrong password $PASSWORD >&2; exit 1\")'}}, run: echo}}
  words: {{uses: xplat, run: '$PASSWORD'}}
  nested: {{uses: xplat, run: 'echo $(sh -c \"echo no $URL >&2; exit 1\")'}}
  cwd: {{cwd: '$PASSWORD', run: echo}}
  condition: {{if: 'outputs[env.PASSWORD].x == 1', run: echo}}
  env: 'echo \"A=$PASSWORD\" >> $CAST_ENV; echo \"nonsense $PASSWORD\" >> $CAST_ENV'
  expand: 'echo \"A=$PASSWORD\\${{X:?no}}\" >> $CAST_ENV'
  outputs: 'echo \"$PASSWORD\" \"$PASSWORD\" >> $CAST_OUTPUTS'
  tmpl: {{uses: tmpl, with: {{files: ['$PASSWORD']}}}}
"
    )
}

#[test]
fn no_event_contains_a_secret() {
    let lab = Lab::new(&castfile());
    let names = [
        "says",
        "own",
        "command",
        "words",
        "nested",
        "cwd",
        "condition",
        "env",
        "expand",
        "outputs",
        "tmpl",
    ];
    let jobs = Setup { jobs: 2, ..PLAIN };
    for name in names {
        let ran = lab.run_with(&[name], jobs);
        let text = ran.events.join("\n");
        assert!(!text.contains("hunter2"), "{name}: {text}");
        assert!(!format!("{:?}", ran.report).contains("hunter2"));
        if !["says", "own"].contains(&name) {
            assert!(text.contains("refused"), "{name}: {text}");
        }
    }
    let ran = lab.run_with(&["says"], jobs);
    let mut output = ran.told("output ");
    output.sort_unstable();
    assert_eq!(output, ["says 1: ***", "says 1: it is ***", "says 2: ***"]);
}

#[test]
fn what_is_made_from_a_secret_and_handed_on_is_one() {
    let lab = Lab::new(
        "
env: {PASSWORD: {value: hunter2-x, secret: true}, TOKEN: {value: old-token, secret: true}}
tasks:
  make: |
    echo \"CONNECTION=user:$PASSWORD\" >> $CAST_ENV
    echo \"TOKEN=new-token\" >> $CAST_ENV
    echo \"url=http://$PASSWORD\" >> $CAST_OUTPUTS
  use:
    needs: [make]
    run: 'echo \"$CONNECTION|$TOKEN|$OUTPUTS_MAKE_URL|old-token\"'
  show: {needs: [use], env: {A: '$(sh -c \"echo $CONNECTION >&2; exit 1\")'}, run: echo}
",
    );
    let ran = lab.run_with(&["show"], Setup { jobs: 2, ..PLAIN });
    let told = ran.told("output use 1: ");
    assert_eq!(told, ["***|***|***|***"]);
    assert!(ran.told("refused show")[0].contains("with exit code 1: ***"));
}

#[test]
fn an_inner_run_keeps_the_secrets_of_both() {
    let lab = Lab::new(
        "
env: {PASSWORD: {value: outer-secret, secret: true}}
tasks:
  inner: {uses: cast, with: {dir: svc, task: up}}
  after: {needs: [inner], run: 'echo \"$HANDED|$PASSWORD\"'}
",
    );
    lab.write(
        "svc/castfile",
        "
env: {KEY: {value: inner-secret, secret: true}}
tasks:
  up: 'echo \"$PASSWORD|$KEY\"; echo \"HANDED=$KEY\" >> $CAST_ENV'
",
    );
    let ran = lab.run_with(&["after"], Setup { jobs: 2, ..PLAIN });
    assert_eq!(
        ran.told("output "),
        ["up 1: ***|***", "after 1: ***|***"],
        "{:?}",
        ran.events
    );
}

#[test]
fn a_failing_command_may_repeat_the_secret_it_was_given() {
    // The environment is never finished, so only who runs the command knows the secret.
    let env = "env: {KEY: {value: hunter2-key, secret: true}, A: '$(sh -c \"echo no $KEY >&2; exit 1\")'}";
    let lab = Lab::new(&format!("tasks:\n  a: {{run: echo, {env}}}\n"));
    let refused = lab.run(&["a"]).told("refused ").join("");
    assert!(refused.contains("exit code 1: no ***"), "{refused}");

    let lab = Lab::new(&format!("{env}\ntasks: {{a: echo}}\n"));
    let error = lab.try_run(&["a"], PLAIN).err().unwrap().to_string();
    assert!(error.ends_with("exit code 1: no ***"), "{error}");
}

/// Knows one secret.
#[derive(Debug)]
struct Safe;

impl SecretSource for Safe {
    fn answer(
        &self,
        words: &[String],
        env: &Env,
        dir: &Utf8Path,
    ) -> Option<Result<Substitute, String>> {
        let [_, key] = words else { return None };
        (words[0] == "safe").then(|| {
            assert!(dir.is_absolute());
            let text = env.get("SAFE").unwrap_or_default().to_owned() + key;
            let secret = true;
            match key.as_str() {
                "missing" => Err("there is no `missing`".to_owned()),
                _ => Ok(Substitute { text, secret }),
            }
        })
    }
}

#[test]
fn a_secret_source_answers_without_a_program() {
    let lab = Lab::new(
        "
env: {SAFE: 'from-the-', URL: 'postgres://lab:$(safe hunter2)@db', OTHER: '$(echo safe)'}
tasks:
  says: 'echo \"$URL $OTHER\"; echo from-the-hunter2'
  mini: {uses: xplat, run: 'echo $(safe hunter3)'}
  inner: {uses: cast, with: {dir: svc, task: up}}
  missing: {env: {A: '$(safe missing)'}, run: echo}
",
    );
    lab.write(
        "svc/castfile",
        "env: {KEY: '$(safe inner)'}\ntasks: {up: 'echo \"$KEY\"'}\n",
    );
    let setup = Setup {
        jobs: 2,
        secrets: Some(&Safe),
        ..PLAIN
    };
    let ran = lab.run_with(&["says"], setup);
    assert_eq!(ran.told("output "), ["says 1: *** safe", "says 1: ***"]);
    let ran = lab.run_with(&["mini", "inner"], setup);
    assert_eq!(ran.report.code(), 0, "{:?}", ran.events);
    assert!(!ran.events.join("\n").contains("from-the-"));
    let refused = lab.run_with(&["missing"], setup).told("refused ").join("");
    assert!(refused.contains("there is no `missing`"), "{refused}");
}
