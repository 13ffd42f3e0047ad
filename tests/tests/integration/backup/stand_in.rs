//! A stand-in for a dumper, marked as fake: a container whose `pg_dumpall` is a script of a test.

use std::os::unix::fs::PermissionsExt as _;

use homelab_tests::{Outcome, ProjectGuard};

use super::Lab;

const IMAGE: &str = "homelab-tests/busybox:engine";

/// The head and the end of a dump of PostgreSQL, around whatever `rows` prints.
pub(super) fn sql(rows: &str) -> String {
    format!(
        "printf '\\\\connect postgres\\nCOPY public.t (n) FROM stdin;\\n'\n{rows}\n\
         printf '\\\\.\\n\\n-- PostgreSQL database cluster dump complete\\n'; printf '%250s\\n' ' '"
    )
}

/// A running container of busybox which is taken for PostgreSQL.
pub(super) struct StandIn<'l> {
    lab: &'l Lab,
    pub(super) name: String,
    _guard: ProjectGuard,
}

impl<'l> StandIn<'l> {
    /// Starts one whose dumper is `script`; the test may change what it does through files in `/tmp`.
    pub(super) fn start(
        lab: &'l Lab,
        service: &str,
        script: &str,
        options: &[&str],
    ) -> Option<Self> {
        if !lab.engine.import_busybox(IMAGE) {
            return None;
        }
        let tool = lab.sandbox.file(
            format!("fake/{service}/pg_dumpall"),
            &format!(
                "#!/bin/sh\nif [ \"$1\" = --version ]; then echo 'pg_dumpall (fake) 15.0'; exit; fi\n{script}\n"
            ),
        );
        fs_err::set_permissions(&tool, std::fs::Permissions::from_mode(0o755)).unwrap();
        let guard = ProjectGuard::new(&lab.engine, &lab.project);
        let name = lab.service(service).replace('/', "-");
        let project = format!("com.docker.compose.project={}", lab.project);
        let label = format!("com.docker.compose.service={service}");
        let mount = format!("{tool}:/usr/bin/pg_dumpall:ro");
        let run = [
            "run",
            "-d",
            "--init",
            "--network",
            "none",
            "--name",
            &name,
            "--label",
            &project,
            "--label",
            &label,
            "--label",
            "backup.engine=postgresql",
            "--label",
            "backup.volumes=false",
            "-e",
            "PATH=/bin:/usr/bin",
            "-v",
            &mount,
        ];
        let args = run.iter().chain(options).chain(&[IMAGE, "sleep", "3600"]);
        lab.engine.docker(args.copied()).success();
        Some(Self {
            lab,
            name,
            _guard: guard,
        })
    }

    /// Runs a script inside.
    pub(super) fn shell(&self, script: &str) -> Outcome {
        self.lab
            .engine
            .docker(["exec", &self.name, "sh", "-c", script])
    }
}
