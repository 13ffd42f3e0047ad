//! Generated Compose projects: `lab config` beside the real Docker Compose.
//!
//! Services are generated from a grammar of attributes in all their forms, many to a project, since
//! starting Docker Compose is what takes the time: ports, mounts, durations, sizes and variables are
//! put together by dice, and a second text lies over the first as another file, another document, an
//! including file or a service that extends. Where a project differs, its services are compared one
//! by one.

mod forms;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::process::Command;

use camino::Utf8PathBuf;
use common::Io;
use forms::{Dice, service};
use homelab_tests::{compose_oracle, repository, run};

/// Generated services in one run of the test; each has a base and half of them an override.
const SERVICES: usize = 4_000;
const PER_PROJECT: usize = 60;

const VARIABLES: [(&str, &str); 4] = [
    ("SET", "value"),
    ("EMPTY", ""),
    ("NUMBER", "8080"),
    ("SIZE", "64m"),
];

const RESOURCES: &str = "networks:\n  front: {ipam: {config: [{subnet: 172.30.0.0/16}]}}\n  back:\n    internal: true\nvolumes:\n  data: {labels: [a=b]}\nsecrets:\n  s: {file: ./s.txt}\nconfigs:\n  c: {content: \"x ${SET}\"}\n";

/// A service by its two texts; the second may be empty.
type Service = (String, String);

/// In which way the second text of a service lies over the first.
#[derive(Clone, Copy, Debug)]
enum Layers {
    /// A second file.
    Files,
    /// A second document of the file.
    Documents,
    /// The including file over the included one.
    Include,
    /// Services that extend those of another file.
    Extends,
}

const LAYERS: [Layers; 4] = [
    Layers::Files,
    Layers::Documents,
    Layers::Include,
    Layers::Extends,
];

/// The files of a project, and which of them are named on the command line.
struct Project {
    files: Vec<(&'static str, String)>,
    named: &'static [&'static str],
}

fn project(services: &[(usize, &Service)], layers: Layers) -> Project {
    let mut base = format!("name: generated\n{RESOURCES}services:\n");
    let mut over = "services:\n".to_owned();
    for (at, (first, second)) in services {
        let extends = matches!(layers, Layers::Extends);
        let _written = write!(base, "  s{at}:\n{first}");
        if extends {
            let _written = write!(
                over,
                "  s{at}:\n    extends: {{file: sub/a.yaml, service: s{at}}}\n{second}"
            );
        } else if !second.is_empty() {
            let _written = write!(over, "  s{at}:\n{second}");
        }
    }
    if over == "services:\n" {
        over.clear();
        over.push_str("x-nothing: 1\n");
    }
    match layers {
        Layers::Files => Project {
            files: vec![("a.yaml", base), ("b.yaml", over)],
            named: &["-f", "a.yaml", "-f", "b.yaml"],
        },
        Layers::Documents => Project {
            files: vec![("a.yaml", format!("{base}---\n{over}"))],
            named: &["-f", "a.yaml"],
        },
        Layers::Include => Project {
            files: vec![
                ("sub/a.yaml", base),
                ("b.yaml", format!("include: [sub/a.yaml]\n{over}")),
            ],
            named: &["-f", "b.yaml"],
        },
        Layers::Extends => Project {
            files: vec![
                ("sub/a.yaml", base),
                ("b.yaml", format!("{RESOURCES}{over}")),
            ],
            named: &["-f", "b.yaml"],
        },
    }
}

/// What both programs make of a project: the text, or nothing if they refuse it.
struct Answers {
    ours: Option<String>,
    theirs: Option<String>,
    why: String,
}

/// The two programs and where they run.
struct Bench {
    compose: Utf8PathBuf,
    dir: Utf8PathBuf,
    env: BTreeMap<String, String>,
}

impl Bench {
    fn new(compose: Utf8PathBuf, dir: Utf8PathBuf) -> Self {
        let mut env: BTreeMap<String, String> = VARIABLES
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        env.insert("HOME".to_owned(), "/home/nobody".to_owned());
        env.insert("PWD".to_owned(), dir.to_string());
        fs_err::create_dir_all(dir.join("sub")).unwrap();
        Self { compose, dir, env }
    }

    fn write(&self, project: &Project) {
        for (path, text) in &project.files {
            fs_err::write(self.dir.join(path), text).unwrap();
        }
    }

    /// What `lab config` prints of a project that has been written, or nothing, and what it says.
    fn ours(&self, project: &Project) -> (Option<String>, String) {
        let words = ["lab", "config"].iter().chain(project.named);
        let words = words.map(OsString::from).collect();
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let code = lab::run_in(
            &self.dir,
            self.env.clone(),
            words,
            &mut Io::new(&mut out, &mut err),
        );
        let printed = (code == 0).then(|| String::from_utf8(out).unwrap());
        (printed, String::from_utf8_lossy(&err).into_owned())
    }

    fn ask(&self, project: &Project) -> Answers {
        self.write(project);
        let outcome = run(Command::new(&self.compose)
            .args(project.named)
            .arg("config")
            .current_dir(&self.dir)
            .env_clear()
            .envs(&self.env));
        let (ours, said) = self.ours(project);
        Answers {
            ours,
            theirs: (outcome.code == Some(0)).then_some(outcome.stdout),
            why: format!("{said}\n{}", outcome.stderr),
        }
    }
}

#[test]
fn generated_projects_come_out_as_in_docker_compose() {
    let Some(compose) = compose_oracle() else {
        return;
    };
    let compose = Utf8PathBuf::from_path_buf(compose.into()).unwrap();
    let seed = match std::env::var("HOMELAB_SEED") {
        Ok(text) => text.parse().unwrap(),
        Err(_) => 20_261_123,
    };
    eprintln!("seed {seed}; HOMELAB_SEED=… chooses another");
    let mut dice = Dice(seed);
    let services: Vec<Service> = (0..SERVICES)
        .map(|_| {
            let base = service(&mut dice, true);
            let over = if dice.roll(2) == 0 {
                service(&mut dice, false)
            } else {
                String::new()
            };
            (base, over)
        })
        .collect();
    let temp = tempfile::tempdir().unwrap();
    let dir = Utf8PathBuf::from_path_buf(temp.path().canonicalize().unwrap()).unwrap();
    let bench = Bench::new(compose, dir);
    let (mut compared, mut refused) = (0, 0);
    let mut differing = Vec::new();
    let numbered: Vec<_> = services.iter().enumerate().collect();
    for (part, layers) in numbered.chunks(PER_PROJECT).zip(LAYERS.into_iter().cycle()) {
        // Starting Docker Compose is what takes the time: what is refused here is asked alone, the
        // rest together.
        let (alone, together): (Vec<_>, Vec<_>) = part.iter().copied().partition(|one| {
            let project = project(&[*one], layers);
            bench.write(&project);
            bench.ours(&project).0.is_none()
        });
        refused += alone.len();
        let mut open: Vec<Vec<_>> = alone.into_iter().map(|one| vec![one]).collect();
        open.push(together);
        // A project that is refused, or that differs, is halved until the service is found.
        while let Some(part) = open.pop() {
            let project = project(&part, layers);
            let answers = bench.ask(&project);
            let equal = answers.ours.is_some() && answers.ours == answers.theirs;
            let both_refuse = answers.ours.is_none() && answers.theirs.is_none();
            if equal || (both_refuse && part.len() <= 1) {
                compared += part.len();
            } else if part.len() > 1 {
                let (one, other) = part.split_at(part.len() / 2);
                open.extend([one.to_vec(), other.to_vec()]);
            } else {
                compared += part.len();
                differing.push(format!(
                    "{layers:?} {:#?}--- ours\n{:?}\n--- theirs\n{:?}\n--- said\n{}",
                    project.files, answers.ours, answers.theirs, answers.why
                ));
            }
        }
    }
    eprintln!("{compared} services compared, {refused} of them refused");
    assert_eq!(compared, SERVICES);
    assert!(
        differing.is_empty(),
        "{} of {SERVICES} differ (seed {seed}); the first:\n{}",
        differing.len(),
        differing[0]
    );
}

/// Every service of the example in every environment.
#[test]
fn the_example_comes_out_as_in_docker_compose() {
    let Some(compose) = compose_oracle() else {
        return;
    };
    let root = repository().join("examples/homelab/compose");
    let mut compared = 0;
    for service in root.read_dir_utf8().unwrap().map(Result::unwrap) {
        for environment in ["default", "prod", "test"] {
            let dir = service.path();
            let file = format!("{environment}/compose.yaml");
            if !dir.join(&file).is_file() {
                continue;
            }
            let env_file = format!("{environment}/.env");
            let words = ["--env-file".to_owned(), env_file, "-f".to_owned(), file];
            let env: BTreeMap<String, String> = [
                ("HOME", "/home/nobody"),
                ("PWD", dir.as_str()),
                ("POSTGRES_PASSWORD", "p"),
                ("REDIS_PASSWORD", "r"),
                ("CF_DNS_API_TOKEN", "t"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
            for asked in [&[][..], &["--format", "json"], &["--hash", "*"]] {
                let theirs = run(Command::new(&compose)
                    .args(&words)
                    .arg("config")
                    .args(asked)
                    .current_dir(dir)
                    .env_clear()
                    .envs(&env))
                .success();
                let line = ["lab", "config"]
                    .into_iter()
                    .chain(words.iter().map(String::as_str))
                    .chain(asked.iter().copied());
                let (mut out, mut err) = (Vec::new(), Vec::new());
                let code = lab::run_in(
                    dir,
                    env.clone(),
                    line.map(OsString::from).collect(),
                    &mut Io::new(&mut out, &mut err),
                );
                assert_eq!(code, 0, "{dir}: {}", String::from_utf8_lossy(&err));
                let sorted = |text: &str| {
                    let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
                    // The order of hashes changes from run to run.
                    if asked.contains(&"--hash") {
                        lines.sort();
                    }
                    lines
                };
                assert_eq!(
                    sorted(&String::from_utf8(out).unwrap()),
                    sorted(&theirs.stdout),
                    "{dir} {environment} {asked:?}"
                );
            }
            compared += 1;
        }
    }
    assert!(compared >= 21, "only {compared} stacks were found");
}
