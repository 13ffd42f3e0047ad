//! SQL Server.

use super::access::Access;
use super::{Check, Counting, Part, Recipe, quoted};

pub(super) fn setup(access: &Access) -> String {
    let user = access.user.clone().unwrap_or_else(|| "sa".to_owned());
    format!(
        "{}\nexport SQLCMDPASSWORD\n\
         for t in /opt/mssql-tools18/bin/sqlcmd /opt/mssql-tools/bin/sqlcmd sqlcmd; do if command -v \"$t\" >/dev/null 2>&1; then break; fi; done\n\
         q() {{ \"$t\" -C -b -S localhost -U {user} \"$@\"; }}",
        access.assign("SQLCMDPASSWORD")
    )
}

pub(super) fn recipe(access: &Access, part: Part<'_>) -> Recipe {
    let names = match part {
        Part::One(database) => format!("printf '%s\\n' {}", quoted(database)),
        _ => "q -h -1 -W -Q 'SET NOCOUNT ON; SELECT name FROM sys.databases WHERE database_id > 4 AND state = 0 ORDER BY name'"
            .to_owned(),
    };
    // The server writes the file, so it has to lie where the server may write.
    let script = format!(
        "{}\nd=$(mktemp -d /var/opt/mssql/labbackup.XXXXXX)\ntrap 'rm -rf -- \"$d\"' EXIT\ntrap 'exit 143' TERM INT\n\
         chown --reference=/var/opt/mssql \"$d\" 2>/dev/null || true\n\
         {names} >\"$d/names\"\ni=0\n\
         while IFS= read -r n; do n=${{n%\"$(printf '\\r')\"}}; [ -n \"$n\" ] || continue; i=$((i+1)); \
         b=$(printf %s \"$n\" | sed 's/]/]]/g'); \
         q -Q \"BACKUP DATABASE [$b] TO DISK=N'$d/$i.bak' WITH CHECKSUM, INIT, FORMAT, COPY_ONLY; \
         RESTORE VERIFYONLY FROM DISK=N'$d/$i.bak' WITH CHECKSUM\" >&2 </dev/null; done <\"$d/names\"\n\
         tar -C \"$d\" -cf - .",
        setup(access)
    );
    Recipe {
        script,
        tool: "sqlcmd",
        extension: "bak.tar",
        check: Check::Tar,
        counting: Counting::Nothing,
        least: 1024,
        consistency: "each database at one point in time, verified by the server; needs room for the backup in `/var/opt/mssql`",
        credentials: access.described.clone(),
    }
}
