//! Whether the addresses of the listeners can be had.

use std::io::ErrorKind;
use std::net::TcpListener;

use weir_config::Settings;

use super::Finding;

const ABOUT: &str = "listeners";

/// `running` is the process that runs on this configuration's folder, if one does.
pub(super) fn look(settings: &Settings, running: Option<u32>) -> Vec<Finding> {
    let gateway = settings.gateway.http.iter().chain(&settings.gateway.https);
    let page = &settings.dashboards.listen;
    let all = gateway.chain([page]).chain(&settings.operator.listen);
    all.map(|address| {
        // It is let go at once: nothing was connected to it.
        let refused = TcpListener::bind(address).err().map(|error| error.kind());
        judge(&address.to_string(), refused, running)
    })
    .collect()
}

fn judge(address: &str, refused: Option<ErrorKind>, running: Option<u32>) -> Finding {
    match (refused, running) {
        (None, None) => Finding::fine(ABOUT, format!("{address} is free")),
        (None, Some(pid)) => Finding::warning(
            ABOUT,
            format!("nobody listens on {address}, though weir runs here (process {pid})"),
            "start it again if this address is new in the configuration",
        ),
        (Some(ErrorKind::AddrInUse), Some(pid)) => Finding::fine(
            ABOUT,
            format!("{address} is taken while weir runs (process {pid})"),
        ),
        (Some(ErrorKind::AddrInUse), None) => Finding::problem(
            ABOUT,
            format!("{address} is taken by another program"),
            "end that program (ss -ltnp names it), or choose another address",
        ),
        // Only the service has the right to try; it does not start without its listeners.
        (Some(ErrorKind::PermissionDenied), Some(pid)) => Finding::fine(
            ABOUT,
            format!("{address} is not this shell's to try; weir runs (process {pid})"),
        ),
        (Some(ErrorKind::PermissionDenied), None) => Finding::problem(
            ABOUT,
            format!("{address} is for privileged users"),
            "give the service AmbientCapabilities=CAP_NET_BIND_SERVICE, or choose a port from 1024 on; run weir doctor as the service's user",
        ),
        (Some(ErrorKind::AddrNotAvailable), _) => Finding::problem(
            ABOUT,
            format!("{address} is none of this machine's"),
            "choose one that ip address lists, or 0.0.0.0 or [::] for all of them",
        ),
        (Some(kind), _) => Finding::problem(
            ABOUT,
            format!("{address} cannot be listened on: {kind}"),
            "choose another address",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Level;
    use super::*;

    #[test]
    fn a_taken_port_is_fine_where_weir_has_it() {
        let level = |refused, running| judge("127.0.0.1:80", refused, running).level;
        assert_eq!(level(None, None), Level::Fine);
        assert_eq!(level(Some(ErrorKind::AddrInUse), Some(7)), Level::Fine);
        assert_eq!(level(Some(ErrorKind::AddrInUse), None), Level::Problem);
        assert_eq!(
            level(Some(ErrorKind::PermissionDenied), None),
            Level::Problem
        );
        assert_eq!(
            level(Some(ErrorKind::PermissionDenied), Some(7)),
            Level::Fine
        );
        assert_eq!(level(None, Some(7)), Level::Warning);
    }
}
