//! Programs inside containers, and containers made for a while, on the real engine.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use engine::{Command, Endpoint, Engine, Error, Exec, Spec};
use homelab_tests::{Engine as Docker, ProjectGuard, Sandbox, engine as real_engine};
use tokio::time::{sleep, timeout};

const IMAGE: &str = "homelab-tests/busybox:engine";

fn block_on<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(async {
        let limited = timeout(Duration::from_secs(90), future).await;
        limited.expect("the test ends within 90 seconds")
    })
}

/// The engine, and a running container that sleeps.
struct Running {
    docker: Docker,
    name: String,
    _guard: ProjectGuard,
    endpoint: Endpoint,
}

fn running(name: &str, options: &[&str]) -> Option<Running> {
    let docker = real_engine()?;
    let socket = docker.socket()?;
    if !docker.import_busybox(IMAGE) {
        return None;
    }
    let name = format!("homelab-exec-{name}-{}", std::process::id());
    let guard = ProjectGuard::new(&docker, &name);
    let label = format!("com.docker.compose.project={name}");
    let run = [
        "run",
        "-d",
        "--init",
        "--network",
        "none",
        "--name",
        &name,
        "--label",
        &label,
    ];
    let args = run.iter().chain(options).chain(&[IMAGE, "sleep", "600"]);
    docker.docker(args.copied()).success();
    Some(Running {
        docker,
        name,
        _guard: guard,
        endpoint: Endpoint::Socket(socket.to_string()),
    })
}

impl Running {
    async fn engine(&self) -> Engine {
        Engine::connect(&self.endpoint).await.unwrap()
    }

    /// The command lines of what runs in the container, but for the sleeping one.
    fn processes(&self) -> Vec<String> {
        let top = self
            .docker
            .docker(["top", &self.name, "-eo", "pid,args"])
            .success();
        let lines = top.stdout.lines().skip(1);
        let own = |line: &&str| !line.ends_with("sleep 600");
        lines.filter(own).map(str::to_owned).collect()
    }
}

async fn all(mut exec: Exec) -> (Vec<u8>, engine::Ended) {
    let mut stdout = Vec::new();
    while let Some(bytes) = exec.read().await.unwrap() {
        stdout.extend_from_slice(&bytes);
    }
    (stdout, exec.finish().await.unwrap())
}

fn shell(script: &str) -> Command {
    Command::new(["sh", "-c", script])
}

#[test]
fn streams_are_told_apart_and_the_exit_code_is_the_programs() {
    let Some(running) = running("streams", &[]) else {
        return;
    };
    block_on(async {
        let engine = running.engine().await;
        let command = shell("id -u; pwd; echo \"$A\"; printf 'odd\\r\\n\\0'; echo bad >&2; exit 7")
            .env("A", "b c")
            .user("65534:65534")
            .directory("/tmp");
        let (stdout, ended) = all(engine.exec(&running.name, &command).await.unwrap()).await;
        assert_eq!(
            String::from_utf8_lossy(&stdout),
            "65534\n/tmp\nb c\nodd\r\n\0"
        );
        assert_eq!((ended.code, ended.stderr.as_str()), (7, "bad\n"));

        let killed = engine
            .exec(&running.name, &shell("kill -9 $$"))
            .await
            .unwrap();
        assert_eq!(all(killed).await.1.code, 137);

        // Every byte, with no terminal in between.
        let data: Vec<u8> = (0..3_000_000_u32)
            .flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes())
            .collect();
        let printed = engine
            .run(&running.name, &Command::new(["cat"]), &data, usize::MAX)
            .await
            .unwrap();
        assert_eq!(printed.code, 0);
        assert!(printed.stdout == data, "12 MB come back as they went");

        // One that does not read its input does not hold us up.
        let printed = engine
            .run(&running.name, &Command::new(["true"]), &data, 10)
            .await
            .unwrap();
        assert_eq!((printed.code, printed.stdout.len()), (0, 0));

        let error = engine
            .run(&running.name, &Command::new(["yes"]), b"", 100_000)
            .await
            .unwrap_err();
        assert!(
            error.to_string().ends_with("prints more than it should"),
            "{error}"
        );
        assert_eq!(running.processes(), [] as [&str; 0]);
    });
}

#[test]
fn what_cannot_be_started_says_so() {
    let Some(running) = running("missing", &[]) else {
        return;
    };
    block_on(async {
        let engine = running.engine().await;
        for (program, why) in [("pg_dumpall", "not found"), ("/tmp", "denied")] {
            let exec = engine
                .exec(&running.name, &Command::new([program]))
                .await
                .unwrap();
            let error = exec.finish().await.unwrap_err();
            let Error::NotStarted { code, .. } = error else {
                panic!("{error:?}")
            };
            assert!(matches!(code, 126 | 127), "{error}");
            assert!(
                error.to_string().contains(program) && error.to_string().contains(why),
                "{error}"
            );
        }
        // A program that says the same by itself is taken at its word.
        let (_, ended) = all(engine
            .exec(&running.name, &shell("exit 127"))
            .await
            .unwrap())
        .await;
        assert_eq!(ended.code, 127);

        let error = engine
            .exec("homelab-no-such-container", &shell("true"))
            .await
            .unwrap_err();
        assert!(matches!(error, Error::NotFound { .. }), "{error:?}");
        engine.pause(&running.name).await.unwrap();
        let error = engine
            .exec(&running.name, &shell("true"))
            .await
            .unwrap_err();
        assert!(
            matches!(error, Error::Refused { status: 409, .. }),
            "{error:?}"
        );
        engine.unpause(&running.name).await.unwrap();
        engine
            .stop(&running.name, Some(Duration::from_secs(1)))
            .await
            .unwrap();
        let error = engine
            .exec(&running.name, &shell("true"))
            .await
            .unwrap_err();
        assert!(
            matches!(error, Error::Refused { status: 409, .. }),
            "{error:?}"
        );
        engine.start(&running.name).await.unwrap();
        engine
            .restart(&running.name, Some(Duration::ZERO))
            .await
            .unwrap();
        assert!(engine.details(&running.name).await.unwrap().running);
    });
}

#[test]
fn a_secret_reaches_the_program_and_nobody_else() {
    let Some(running) = running("secret", &[]) else {
        return;
    };
    block_on(async {
        let engine = running.engine().await;
        let mut watch = engine.watch();
        while !matches!(watch.next().await, engine::Change::Connected) {}
        let command =
            shell("echo \"got $PGPASSWORD\" >&2; sleep 500").secret("PGPASSWORD", "correct-horse");
        let mut exec = engine.exec(&running.name, &command).await.unwrap();
        let handle = exec.handle();
        assert!(!format!("{exec:?} {handle:?} {command:?}").contains("correct-horse"));
        let seen = timeout(Duration::from_secs(1), exec.read()).await;
        assert!(seen.is_err(), "it prints nothing: {seen:?}");
        let inspect = running
            .docker
            .docker(["inspect", &running.name])
            .success()
            .stdout;
        let top = running.processes().join("\n");
        assert!(!inspect.contains("correct-horse") && !top.contains("correct-horse"));
        assert!(top.contains("sleep 500"), "{top}");
        handle.cancel(Duration::from_secs(1)).await.unwrap();
        let ended = exec.finish().await.unwrap();
        assert_eq!(ended.stderr, "got ***\n");
        let mut events = Vec::new();
        while let Ok(change) = timeout(Duration::from_millis(500), watch.next()).await {
            events.push(format!("{change:?}"));
        }
        let events = events.join("\n");
        assert!(events.contains("exec_start"), "{events}");
        assert!(!events.contains("correct-horse"), "{events}");
    });
}

#[test]
fn a_container_killed_in_the_middle_is_no_success() {
    let Some(running) = running("killed", &[]) else {
        return;
    };
    block_on(async {
        let engine = running.engine().await;
        let mut exec = engine
            .exec(&running.name, &Command::new(["yes"]))
            .await
            .unwrap();
        assert!(exec.read().await.unwrap().is_some());
        running.docker.docker(["kill", &running.name]).success();
        assert_ne!(exec.finish().await.unwrap().code, 0);

        running.docker.docker(["start", &running.name]).success();
        let mut exec = engine
            .exec(&running.name, &Command::new(["yes"]))
            .await
            .unwrap();
        assert!(exec.read().await.unwrap().is_some());
        running.docker.docker(["rm", "-f", &running.name]).success();
        match exec.finish().await {
            Ok(ended) => assert_ne!(ended.code, 0),
            Err(Error::NotFound { .. }) => {}
            Err(error) => panic!("{error:?}"),
        }
    });
}

#[test]
fn cancel_ends_the_program_and_all_it_has_started() {
    let Some(running) = running("cancel", &[]) else {
        return;
    };
    block_on(async {
        let engine = running.engine().await;
        let stubborn = "trap '' TERM; (trap '' TERM; env -i sleep 500; sleep 501) & while :; do sleep 0.1; done";
        for user in [None, Some("65534")] {
            for (script, grace) in [("sleep 502 & exec sleep 503", 20), (stubborn, 1)] {
                let mut command = shell(script);
                if let Some(user) = user {
                    command = command.user(user);
                }
                let exec = engine.exec(&running.name, &command).await.unwrap();
                while running.processes().len() < 2 {
                    sleep(Duration::from_millis(50)).await;
                }
                let start = Instant::now();
                let ended = exec.cancel(Duration::from_secs(grace)).await.unwrap();
                assert!(
                    start.elapsed() < Duration::from_secs(15),
                    "{:?}",
                    start.elapsed()
                );
                assert_ne!(ended.unwrap().code, 0, "{script}");
                assert_eq!(running.processes(), [] as [&str; 0], "{script} as {user:?}");
            }
        }
        // One that has ended already, and one whose container is gone.
        let exec = engine.exec(&running.name, &shell("true")).await.unwrap();
        let handle = exec.handle();
        exec.finish().await.unwrap();
        handle.cancel(Duration::ZERO).await.unwrap();
        let exec = engine
            .exec(&running.name, &Command::new(["sleep", "500"]))
            .await
            .unwrap();
        engine.remove(&running.name).await.unwrap();
        exec.handle().cancel(Duration::ZERO).await.unwrap();
        engine.remove(&running.name).await.unwrap();
    });
}

#[test]
fn what_is_not_read_makes_the_program_wait() {
    let Some(running) = running("pressure", &[]) else {
        return;
    };
    block_on(async {
        let engine = running.engine().await;
        let command = Command::new(["dd", "if=/dev/zero", "bs=64k", "count=1000000"]);
        let exec = engine.exec(&running.name, &command).await.unwrap();
        let written =
            shell("for d in /proc/[0-9]*; do case $(cat $d/comm) in dd) cat $d/io;; esac; done");
        let written = async || {
            let printed = engine
                .run(&running.name, &written, b"", 100_000)
                .await
                .unwrap();
            let text = String::from_utf8(printed.stdout).unwrap();
            let line = text.lines().find_map(|line| line.strip_prefix("wchar: "));
            line.map_or(0, |number| number.parse::<u64>().unwrap())
        };
        let mut last = 0;
        loop {
            sleep(Duration::from_millis(500)).await;
            let now = written().await;
            if now > 0 && now == last {
                break;
            }
            last = now;
        }
        assert!(last < 16 << 20, "{last} bytes went nowhere");
        // Blocked in a write, it is ended all the same.
        exec.cancel(Duration::from_secs(5)).await.unwrap();
        assert_eq!(running.processes(), [] as [&str; 0]);
        let exec = engine.exec(&running.name, &command).await.unwrap();
        let handle = exec.handle();
        drop(exec);
        handle.cancel(Duration::from_secs(5)).await.unwrap();
        assert_eq!(running.processes(), [] as [&str; 0]);
    });
}

/// An engine on which every exec prints `bytes` and ends with code 0.
fn recorded(bytes: &'static [u8]) -> Endpoint {
    use std::io::{Read as _, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let serve = move |mut stream: std::net::TcpStream| {
        let mut request = [0; 8192];
        while let Ok(length @ 1..) = stream.read(&mut request) {
            let request = String::from_utf8_lossy(&request[..length]);
            if request.contains("/start ") {
                let head = b"HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";
                stream
                    .write_all(head)
                    .and_then(|()| stream.write_all(bytes))
                    .unwrap();
                return;
            }
            let (status, body) = if request.contains("/version") {
                (
                    "200 OK",
                    r#"{"Version": "1", "ApiVersion": "1.41", "MinAPIVersion": "1.12"}"#,
                )
            } else if request.contains("/json ") {
                ("200 OK", r#"{"Running": false, "ExitCode": 0}"#)
            } else {
                ("201 Created", r#"{"Id": "1"}"#)
            };
            let length = body.len();
            let answer = format!(
                "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
            );
            if stream.write_all(answer.as_bytes()).is_err() {
                return;
            }
        }
    };
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || serve(stream));
        }
    });
    Endpoint::Tcp(address)
}

#[test]
fn output_that_breaks_off_is_no_output() {
    let whole = b"\x01\0\0\0\0\0\0\x03abc\x02\0\0\0\0\0\0\x01!\x01\0\0\0\0\0\0\x02de";
    let read = |bytes| {
        block_on(async {
            let engine = Engine::connect(&recorded(bytes)).await.unwrap();
            let mut exec = engine.exec("c", &Command::new(["dump"])).await.unwrap();
            let mut stdout = Vec::new();
            loop {
                match exec.read().await {
                    Ok(Some(bytes)) => stdout.extend_from_slice(&bytes),
                    Ok(None) => return Ok((stdout, exec.finish().await.unwrap())),
                    Err(error) => return Err(error),
                }
            }
        })
    };
    let (stdout, ended) = read(whole).unwrap();
    assert_eq!(
        (stdout.as_slice(), ended.stderr.as_str(), ended.code),
        (b"abcde".as_slice(), "!", 0)
    );
    let cut: [&'static [u8]; 4] = [
        &whole[..whole.len() - 1],
        &whole[..5],
        b"\x01\0\0\0\0\0\0\x03abc\x01\0",
        b"\x01\0\0\0\0\0\0\x03abcplain text",
    ];
    for bytes in cut {
        let error = read(bytes).unwrap_err();
        assert!(
            matches!(error, Error::Stream { .. }),
            "{bytes:?}: {error:?}"
        );
        assert_eq!(
            error.to_string(),
            "cannot run `dump` in the container `c`: its output breaks off in the middle"
        );
    }
}

#[test]
fn files_go_out_and_in_as_tar() {
    let Some(running) = running("archive", &[]) else {
        return;
    };
    let sandbox = Sandbox::new();
    block_on(async {
        let engine = running.engine().await;
        let make = shell(
            "mkdir -p '/d/ä b'; head -c 3000000 /dev/urandom > '/d/ä b/big'; ln -s big '/d/ä b/link'; cat /d/*/big | sha256sum",
        );
        let made = engine.run(&running.name, &make, b"", 1000).await.unwrap();
        engine
            .stop(&running.name, Some(Duration::ZERO))
            .await
            .unwrap();
        let mut archive = engine.archive(&running.name, "/d/ä b");
        let mut tar = Vec::new();
        while let Some(bytes) = archive.read().await.unwrap() {
            tar.extend_from_slice(&bytes);
        }
        fs_err::write(sandbox.path().join("x.tar"), &tar).unwrap();
        sandbox.run("tar", ["-xf", "x.tar"]).success();
        let sum = sandbox.run("sh", ["-c", "sha256sum <'ä b/link'"]).success();
        assert_eq!(sum.stdout.as_bytes(), made.stdout);

        let error = engine
            .archive(&running.name, "/none")
            .read()
            .await
            .unwrap_err();
        assert!(matches!(error, Error::NotFound { .. }), "{error:?}");

        let pieces: Vec<_> = tar
            .chunks(10_000)
            .map(|piece| Ok(piece.to_vec().into()))
            .collect();
        let pieces = futures_util::stream::iter(pieces);
        engine.unpack(&running.name, "/tmp", pieces).await.unwrap();
        engine.start(&running.name).await.unwrap();
        let sum = engine
            .run(
                &running.name,
                &shell("sha256sum <'/tmp/ä b/link'"),
                b"",
                1000,
            )
            .await
            .unwrap();
        assert_eq!(sum.stdout, made.stdout);
        let none = futures_util::stream::empty();
        let error = engine
            .unpack(&running.name, "/none", none)
            .await
            .unwrap_err();
        assert!(matches!(error, Error::NotFound { .. }), "{error:?}");
    });
}

#[test]
fn containers_for_a_while_have_no_way_out() {
    let Some(running) = running("spec", &[]) else {
        return;
    };
    block_on(async {
        let engine = running.engine().await;
        let project = &running.name;
        let labels = BTreeMap::from([("com.docker.compose.project".to_owned(), project.clone())]);
        engine.create_network(project, true, &labels).await.unwrap();
        let error = engine
            .create_network(project, true, &labels)
            .await
            .unwrap_err();
        assert!(
            matches!(error, Error::Refused { status: 409, .. }),
            "{error:?}"
        );
        engine.create_volume(project, &labels).await.unwrap();
        let label = format!("com.docker.compose.project={project}");
        let volumes = engine.volumes(&[&label]).await.unwrap();
        assert_eq!(
            volumes
                .iter()
                .map(|one| one.name.as_str())
                .collect::<Vec<_>>(),
            [project]
        );

        let mut spec = Spec::new(format!("{project}-db"), IMAGE);
        spec.command = Some(
            ["sh", "-c", "echo out; echo err >&2; cat /data/x; sleep 600"]
                .map(str::to_owned)
                .to_vec(),
        );
        spec.env.insert("SECRET".into(), "hunter2".into());
        spec.labels = labels.clone();
        spec.network = Some(project.clone());
        spec.aliases = vec!["db".into()];
        spec.binds = vec![format!("{project}:/data")];
        spec.tmpfs.insert("/run".into(), "size=1m".into());
        spec.memory = Some(64 << 20);
        spec.init = true;
        assert!(!format!("{spec:?}").contains("hunter2"));
        let id = engine.create(&spec).await.unwrap();
        let error = engine.create(&spec).await.unwrap_err();
        assert!(
            matches!(error, Error::Refused { status: 409, .. }),
            "{error:?}"
        );
        engine.start(&id).await.unwrap();
        engine.start(&id).await.unwrap();
        let look =
            shell("nslookup db >/dev/null && ip route; df /run | tail -n 1; echo \"$SECRET\"");
        let printed = engine.run(&id, &look, b"", 10_000).await.unwrap();
        let text = String::from_utf8_lossy(&printed.stdout);
        assert!(
            text.contains("1024") && text.contains("hunter2"),
            "{text} {}",
            printed.stderr
        );
        let networks = engine.networks().await.unwrap();
        let network = networks.iter().find(|network| network.name == *project);
        assert!(network.unwrap().internal);

        let details = engine.details(&id).await.unwrap();
        assert_eq!(
            (details.name.as_str(), details.image.as_str()),
            (spec.name.as_str(), IMAGE)
        );
        assert_eq!(details.env["SECRET"], "hunter2");
        assert!(!format!("{details:?}").contains("hunter2"));
        assert!(details.running && !details.has_health_check && details.health.is_empty());
        assert!(
            details.started_at.starts_with("20"),
            "{}",
            details.started_at
        );
        let image = engine.image(IMAGE).await.unwrap();
        assert_eq!(image.id, details.image_id);
        assert_eq!(image.tags, [IMAGE]);
        assert_eq!(
            (image.env["PATH"].as_str(), image.command.as_slice()),
            ("/bin", ["sh".to_owned()].as_slice())
        );
        let logs = engine.logs(&id, 10).await.unwrap();
        assert!(
            logs.contains("out\n") && logs.contains("err\n") && logs.contains("can't open"),
            "{logs}"
        );

        let error = engine.remove_volume(project).await.unwrap_err();
        assert!(
            matches!(error, Error::Refused { status: 409, .. }),
            "{error:?}"
        );
        engine.remove(&id).await.unwrap();
        engine.remove_network(project).await.unwrap();
        engine.remove_network(project).await.unwrap();
        engine.remove_volume(project).await.unwrap();
        engine.remove_volume(project).await.unwrap();
        let error = engine.image("homelab-tests/none:1").await.unwrap_err();
        assert!(matches!(error, Error::NotFound { .. }), "{error:?}");
    });
}
