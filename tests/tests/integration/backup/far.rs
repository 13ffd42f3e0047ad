//! `labbackup` and an engine behind ssh, on a port of its own.

use std::os::unix::fs::PermissionsExt as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use homelab_tests::{Database, labbackup_exe, oracle, run};

use super::Lab;

/// A server of ssh for one key, ended when dropped.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

fn key(lab: &Lab, name: &str) -> String {
    let path = lab.sandbox.path().join(name);
    run(Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f", path.as_str()]))
        .success();
    fs_err::read_to_string(format!("{path}.pub")).unwrap()
}

/// Starts a server, and puts an `ssh` that knows it in front of `PATH`. Returns the address for
/// `DOCKER_HOST`.
fn serve(lab: &mut Lab) -> Option<(Server, String)> {
    let sshd = oracle("sshd")?;
    let ssh = oracle("ssh")?;
    let port = homelab_tests::traefik::free_port();
    let host = key(lab, "host");
    let user = key(lab, "user");
    let dir = lab.sandbox.path().to_owned();
    let authorized = lab.sandbox.file("authorized", &user);
    let known = lab
        .sandbox
        .file("known", &format!("[127.0.0.1]:{port} {host}"));
    let config = lab.sandbox.file(
        "sshd_config",
        &format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {dir}/host\nAuthorizedKeysFile {authorized}\n\
             StrictModes no\nUsePAM no\nPermitRootLogin yes\nPasswordAuthentication no\nPidFile none\n"
        ),
    );
    let client = lab.sandbox.file(
        "ssh_config",
        &format!(
            "IdentityFile {dir}/user\nIdentitiesOnly yes\nUserKnownHostsFile {known}\nStrictHostKeyChecking yes\n"
        ),
    );
    let program = lab.sandbox.file(
        "bin/ssh",
        &format!("#!/bin/sh\nexec {ssh} -F {client} \"$@\"\n"),
    );
    fs_err::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    lab.sandbox.prepend_path(&dir.join("bin"));
    // Where it goes when it has given up its rights; the package makes it at the start of the system.
    fs_err::create_dir_all("/run/sshd").ok();
    let log = fs_err::File::create(dir.join("sshd.log")).unwrap();
    let child = Command::new(sshd)
        .args(["-D", "-e", "-f", config.as_str()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log.into_file())
        .spawn()
        .unwrap();
    let mut server = Server(child);
    let start = Instant::now();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        let ended = server.0.try_wait().unwrap();
        let log = fs_err::read_to_string(dir.join("sshd.log")).unwrap();
        assert!(ended.is_none(), "{log}");
        assert!(start.elapsed() < Duration::from_secs(60), "{log}");
        std::thread::sleep(Duration::from_millis(50));
    }
    let me = run(Command::new("id").arg("-un")).success().stdout;
    Some((server, format!("ssh://{}@127.0.0.1:{port}", me.trim())))
}

#[test]
fn a_dump_comes_over_ssh() {
    let Some(mut lab) = Lab::new("far") else {
        return;
    };
    let Some(_db) = lab.start(Database::Redis, "db", &["--label", "backup.volumes=false"]) else {
        return;
    };
    let Some((server, address)) = serve(&mut lab) else {
        return;
    };
    lab.sandbox.set("DOCKER_HOST", &address);
    let service = lab.service("db");
    lab.run(&["run", "-q", &service]).success();
    assert_eq!(lab.dumps("db").len(), 1);
    lab.run(&["check", "-q", &service]).success();

    drop(server);
    let gone = lab.sandbox.run(labbackup_exe(), ["run", &service]);
    assert_ne!(gone.code, Some(0));
    assert!(
        gone.stderr.contains("Connection refused"),
        "{}",
        gone.stderr
    );
    assert_eq!(lab.dumps("db").len(), 1);
}
