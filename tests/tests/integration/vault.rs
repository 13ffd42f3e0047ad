//! Vaults beside the other programs which read and write KeePass files, and secrets in the shells
//! that evaluate them.

mod formats;
mod matrix;

use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use camino::{Utf8Path, Utf8PathBuf};
use homelab_tests::{oracle, python_oracle};
use serde_json::Value;
use vault::{Credentials, OpenOptions, Secret, Vault};

const PASSWORD: &str = "pässwörd 'x'";

fn options() -> OpenOptions {
    OpenOptions::at(SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000))
}

fn open(path: &Utf8Path) -> Vault {
    let credentials = Credentials::password(Secret::from(PASSWORD));
    Vault::open(path, credentials, options()).unwrap()
}

/// keepassxc-cli and pykeepass.
struct Peers {
    keepassxc: Utf8PathBuf,
    python: Utf8PathBuf,
}

impl Peers {
    fn find() -> Option<Self> {
        Some(Self {
            keepassxc: oracle("keepassxc-cli")?,
            python: python_oracle("pykeepass")?,
        })
    }

    /// Runs `peer.py`.
    #[track_caller]
    fn pykeepass(&self, args: &[&str], input: &str) -> String {
        let script = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/integration/vault/peer.py"
        );
        let mut command = Command::new(&self.python);
        command
            .arg(script)
            .args(args)
            .env("PEER_PASSWORD", PASSWORD);
        run(&mut command, input)
    }

    /// What pykeepass reads in files, by file.
    fn read(&self, files: &[&Utf8Path]) -> Value {
        let args: Vec<&str> = std::iter::once("read")
            .chain(files.iter().map(|file| file.as_str()))
            .collect();
        serde_json::from_str(&self.pykeepass(&args, "")).unwrap()
    }

    /// What keepassxc-cli reads in files, by file.
    fn export(&self, files: &[&Utf8Path]) -> Value {
        let mut args = vec!["xml".to_owned()];
        for file in files {
            let xml = self.keepassxc(&["export", "-q", "-f", "xml", file.as_str()], "");
            let path = format!("{file}.xml");
            fs_err::write(&path, xml).unwrap();
            args.push(path);
        }
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let read: Value = serde_json::from_str(&self.pykeepass(&args, "")).unwrap();
        let by_file = read.as_object().unwrap().iter();
        by_file
            .map(|(path, read)| {
                let path = path.trim_end_matches(".xml");
                let mut read = read.clone();
                self.add_files(path, &mut read);
                (path.to_owned(), read)
            })
            .collect::<serde_json::Map<_, _>>()
            .into()
    }

    /// The document exported from KDBX 4 has no attachments in it.
    fn add_files(&self, path: &str, read: &mut Value) {
        for (key, entry) in read.as_object_mut().unwrap() {
            for (name, file) in entry["files"].as_object_mut().unwrap() {
                if file.is_null() {
                    // to standard output it would go as text
                    let target = format!("{path}.file");
                    let args = ["attachment-export", "-q", path, key, name, &target];
                    self.keepassxc(&args, "");
                    let data = fs_err::read(target).unwrap();
                    *file = matrix::base64(&data).into();
                }
            }
        }
    }

    /// Runs keepassxc-cli, which asks for the password first.
    #[track_caller]
    fn keepassxc(&self, args: &[&str], input: &str) -> String {
        let mut command = Command::new(&self.keepassxc);
        command.args(args);
        run(&mut command, &format!("{PASSWORD}\n{input}"))
    }
}

#[track_caller]
fn run(command: &mut Command, input: &str) -> String {
    use std::io::Write as _;
    let mut child = command
        .env("LC_ALL", "C.UTF-8")
        .env("QT_QPA_PLATFORM", "offscreen")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {stderr}");
    String::from_utf8(output.stdout).unwrap()
}
