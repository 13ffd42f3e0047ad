//! Messages to a webhook, to ntfy, by mail and to a program.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use backup::notify::{Channel, Encryption, Level, Mailbox, Message, send};
use backup::store::Secret;
use homelab_tests::{Sandbox, python_oracle};

const LIMIT: Duration = Duration::from_secs(20);

fn block_on<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(future)
}

/// A server that answers each request with the next of these, and tells what it was asked.
fn http(answers: &'static [&'static str]) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (tell, told) = channel();
    std::thread::spawn(move || {
        for (stream, answer) in listener.incoming().flatten().zip(answers) {
            let mut reader = BufReader::new(stream);
            let (mut text, mut length) = (String::new(), 0);
            loop {
                let start = text.len();
                reader.read_line(&mut text).unwrap();
                let line = text[start..].to_ascii_lowercase();
                if let Some(number) = line.strip_prefix("content-length:") {
                    length = number.trim().parse().unwrap();
                }
                if line.trim().is_empty() {
                    break;
                }
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            text += &String::from_utf8(body).unwrap();
            tell.send(text).unwrap();
            write!(
                reader.get_mut(),
                "HTTP/1.1 {answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            )
            .unwrap();
        }
    });
    (address, told)
}

fn message() -> Message {
    let mut message = Message::new(
        Level::Error,
        "Sicherung von „shop“ fehlgeschlagen",
        "the dump\nis not complete",
    );
    message.report = Some(serde_json::json!({"run": "r1"}));
    message
}

#[test]
fn a_webhook_gets_json_and_is_asked_again_after_trouble() {
    let (address, told) = http(&["503 Busy", "200 OK", "403 Forbidden"]);
    let hook = Channel::Webhook {
        url: Secret::new(format!("http://{address}/T0KEN")),
        headers: BTreeMap::from([("Authorization".to_owned(), Secret::new("Bearer s3cret"))]),
    };
    block_on(send(&hook, &message(), LIMIT)).unwrap();
    let requests = [told.recv().unwrap(), told.recv().unwrap()];
    assert_eq!(requests[0], requests[1]);
    let (head, body) = requests[0].split_once("\r\n\r\n").unwrap();
    assert!(
        head.starts_with("POST /T0KEN HTTP/1.1") && head.contains("authorization: Bearer s3cret"),
        "{head}"
    );
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(body["level"], "error");
    assert_eq!(body["report"]["run"], "r1");
    let error = block_on(send(&hook, &message(), LIMIT)).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("cannot tell the webhook at {address}: it answers 403 Forbidden")
    );

    let nobody = Channel::Webhook {
        url: Secret::new("http://127.0.0.1:1/T0KEN"),
        headers: BTreeMap::new(),
    };
    let error = block_on(send(&nobody, &message(), LIMIT)).unwrap_err();
    assert!(
        error.to_string().contains("Connection refused") && !format!("{error:?}").contains("T0KEN"),
        "{error:?}"
    );
}

#[test]
fn ntfy_gets_title_priority_and_token() {
    let (address, told) = http(&["200 OK"]);
    let ntfy = Channel::Ntfy {
        url: Secret::new(format!("http://{address}/lab")),
        token: Some(Secret::new("tk_1")),
    };
    block_on(send(&ntfy, &message(), LIMIT)).unwrap();
    let request = told.recv().unwrap();
    for part in [
        "POST /lab ",
        "priority: 5\r\n",
        "authorization: Bearer tk_1\r\n",
        "title: =?UTF-8?B?",
    ] {
        assert!(request.contains(part), "{part}: {request}");
    }
    assert!(
        request.ends_with("\r\n\r\nthe dump\nis not complete"),
        "{request}"
    );
}

#[test]
fn a_program_gets_the_message() {
    let sandbox = Sandbox::new();
    let out = sandbox.path().join("out");
    let exec = |script: String| Channel::Exec {
        argv: vec!["sh".into(), "-c".into(), script],
        env: BTreeMap::from([("PATH".to_owned(), std::env::var("PATH").unwrap())]),
    };
    let write = exec(format!(
        "{{ echo \"$BACKUP_LEVEL $BACKUP_TITLE\"; cat; }} >{out}"
    ));
    block_on(send(&write, &message(), LIMIT)).unwrap();
    let text = fs_err::read_to_string(&out).unwrap();
    let (first, json) = text.split_once('\n').unwrap();
    assert_eq!(first, "error Sicherung von „shop“ fehlgeschlagen");
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(json).unwrap()["text"],
        "the dump\nis not complete"
    );
    for (script, why) in [
        (
            "echo first >&2; echo no route >&2; exit 3",
            "cannot tell `sh`: exit status: 3: no route",
        ),
        ("sleep 60", "cannot tell `sh`: no end within 1 seconds"),
    ] {
        let error = block_on(send(
            &exec(script.into()),
            &message(),
            Duration::from_secs(1),
        ))
        .unwrap_err();
        assert_eq!(error.to_string(), why);
    }
}

#[test]
fn mail_arrives() {
    let Some(python) = python_oracle("smtpd") else {
        return;
    };
    let port = homelab_tests::traefik::free_port();
    let server = format!("127.0.0.1:{port}");
    let mut child = Command::new(python)
        .args([
            "-W",
            "ignore",
            "-u",
            "-m",
            "smtpd",
            "-n",
            "-c",
            "DebuggingServer",
            &server,
        ])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let start = Instant::now();
    while std::net::TcpStream::connect(&server).is_err() && start.elapsed() < LIMIT {
        std::thread::sleep(Duration::from_millis(50));
    }
    let mut mailbox = Mailbox {
        host: "127.0.0.1".into(),
        port: Some(port),
        encryption: Encryption::None,
        login: None,
        from: "Homelab <lab@example.org>".into(),
        to: vec!["one@example.org".into(), "two@example.org".into()],
    };
    let sent = block_on(send(&Channel::Smtp(mailbox.clone()), &message(), LIMIT));
    // Without encryption, where it is asked for, nothing goes out.
    mailbox.encryption = Encryption::StartTls;
    let refused = block_on(send(&Channel::Smtp(mailbox.clone()), &message(), LIMIT));
    mailbox.to = vec!["nobody".into()];
    let wrong = block_on(send(&Channel::Smtp(mailbox), &message(), LIMIT));
    child.kill().unwrap();
    let text = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    sent.unwrap();
    assert!(
        text.contains("To: one@example.org, two@example.org"),
        "{text}"
    );
    assert!(text.contains("Subject: Sicherung von =?utf-8?b?"), "{text}");
    assert!(text.contains("is not complete"), "{text}");
    assert_eq!(text.matches("MESSAGE FOLLOWS").count(), 1, "{text}");
    assert!(refused.is_err());
    assert!(
        wrong
            .unwrap_err()
            .to_string()
            .contains("`nobody` is no address of mail")
    );
}
