//! A store over S3, as `labbackup` uses it, and what becomes of its objects.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use homelab_tests::{Database, oracle};

use super::Lab;

/// A server of rclone, ended when dropped.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// Serves the directory `store` of the sandbox, with the bucket `homelab` in it.
fn serve(lab: &Lab) -> Option<(Server, u16)> {
    let rclone = oracle("rclone")?;
    let root = lab.sandbox.path().join("store");
    fs_err::create_dir_all(root.join("homelab")).unwrap();
    let port = homelab_tests::traefik::free_port();
    let child = Command::new(rclone)
        .args(["serve", "s3", "--auth-key", "KEY,SECRET"])
        .args(["--addr", &format!("127.0.0.1:{port}"), root.as_str()])
        .env("HOME", lab.sandbox.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let server = Server(child);
    let start = Instant::now();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(start.elapsed() < Duration::from_secs(60), "rclone listens");
        std::thread::sleep(Duration::from_millis(50));
    }
    Some((server, port))
}

#[test]
fn an_object_that_is_cut_off_in_the_store_is_found_by_check() {
    let Some(mut lab) = Lab::new("s3cut") else {
        return;
    };
    if oracle("restic").is_none() {
        return;
    }
    let Some((_server, port)) = serve(&lab) else {
        return;
    };
    let password = lab.sandbox.file("password", "correct horse\n");
    lab.sandbox
        .set(
            "RESTIC_REPOSITORY",
            format!("s3:http://127.0.0.1:{port}/homelab/r"),
        )
        .set("RESTIC_PASSWORD_FILE", password.as_str())
        .set("AWS_ACCESS_KEY_ID", "KEY")
        .set("AWS_SECRET_ACCESS_KEY", "SECRET");
    let Some(_db) = lab.start(Database::Redis, "db", &["--label", "backup.volumes=false"]) else {
        return;
    };
    lab.run(&["init"]).success();
    lab.run(&["run", "-q", &lab.service("db")]).success();
    lab.run(&["check", "-q"]).success();

    let find = ["-c", "find store/homelab/r/data -type f | sort | head -n 1"];
    let object = lab.sandbox.run("sh", find).success().stdout;
    let object = lab.sandbox.path().join(object.trim());
    let whole = fs_err::read(&object).unwrap();
    fs_err::write(&object, &whole[..whole.len() / 2]).unwrap();
    let check = lab.run(&["check"]);
    assert_eq!(check.code, Some(1), "{}", check.stderr);
    assert!(
        check.stderr.contains("127.0.0.1") && check.stderr.contains("help: "),
        "{}",
        check.stderr
    );
    assert!(!check.stderr.contains("SECRET"), "{}", check.stderr);
    fs_err::write(&object, &whole).unwrap();
    lab.run(&["check", "-q"]).success();

    // With another key the store refuses; the dump is there all the same.
    lab.sandbox.set("AWS_SECRET_ACCESS_KEY", "0ther");
    let refused = lab.run(&["run", &lab.service("db")]);
    assert_eq!(refused.code, Some(1), "{}", refused.stderr);
    assert!(!refused.stderr.contains("0ther"), "{}", refused.stderr);
    assert_eq!(lab.dumps("db").len(), 2);
}
