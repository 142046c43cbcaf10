//! A static server for `www/dist` that is as strict as the strictest host: each response carries the policy that the
//! page must live with, and the page may be at any path.

use anyhow::{Result, anyhow, bail};
use percent_encoding::percent_decode_str;
use std::fs::File;
use std::io::{self, Write as _};
use std::net::{SocketAddr, TcpListener, ToSocketAddrs as _};
use std::path::{Component, Path, PathBuf};
use std::thread;
use tiny_http::{Header, Method, Request, Response, Server, StatusCode};

const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; \
                      worker-src 'self'; img-src 'self' blob: data:; frame-src 'self'; base-uri 'none'; \
                      form-action 'none'";
/// Of the one file, whose scripts stand in it: it asks for nothing.
const ONE_FILE: &str = "moescope.html";
const ONE_FILE_POLICY: &str = "default-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval' blob:; style-src \
                               'unsafe-inline'; worker-src blob:; img-src blob: data:; base-uri 'none'; form-action \
                               'none'";
const DEFAULT_PORT: u16 = 8080;
const THREADS: usize = 8;

/// Where to serve.
#[derive(Debug, PartialEq)]
pub(crate) struct Options {
    /// The address to listen on.
    pub(crate) host: String,
    /// The port to listen on; none is 8080 or the next that is free.
    pub(crate) port: Option<u16>,
    /// The path of the site; it begins and ends with a slash.
    pub(crate) base: String,
}

impl Default for Options {
    fn default() -> Options {
        Options { host: "127.0.0.1".to_owned(), port: None, base: "/".to_owned() }
    }
}

/// A base path as `Options` has it.
pub(crate) fn base(path: &str) -> Result<String> {
    let inner = path.trim_matches('/');
    if inner.contains(['?', '#', '%']) || inner.split('/').any(|name| name == "..") {
        bail!("the base `{path}` must be a plain path such as /some/path/");
    }
    Ok(if inner.is_empty() { "/".to_owned() } else { format!("/{inner}/") })
}

/// Serves the files of `dist` until the process is ended.
pub(crate) fn serve(dist: &Path, options: &Options) -> Result<()> {
    if !dist.join("index.html").is_file() {
        bail!("there is no built page in {}: `cargo xtask build` makes it", dist.display());
    }
    let site = Site { root: dist.canonicalize()?, base: options.base.clone() };
    let (server, address) = start(options)?;
    let open =
        if address.ip().is_unspecified() { format!("127.0.0.1:{}", address.port()) } else { address.to_string() };
    println!("\nServing the page at http://{open}{} (Ctrl+C ends it)", site.base);
    site.answer_all(&server);
    Ok(())
}

/// Listens on the port asked for, or on the first free one from the default on.
fn start(options: &Options) -> Result<(Server, SocketAddr)> {
    let listen = |port: u16| {
        let address = (options.host.as_str(), port).to_socket_addrs()?.next();
        TcpListener::bind(address.ok_or_else(|| io::Error::other("the host has no address"))?)
    };
    let listener = match options.port {
        Some(port) => listen(port).map_err(|error| anyhow!("cannot listen on {}:{port}: {error}", options.host))?,
        None => {
            let mut ports = DEFAULT_PORT..DEFAULT_PORT + 100;
            loop {
                let Some(port) = ports.next() else { bail!("no port from {DEFAULT_PORT} on is free: use --port") };
                match listen(port) {
                    Ok(listener) => break listener,
                    Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
                    Err(error) => bail!("cannot listen on {}:{port}: {error}", options.host),
                }
            }
        }
    };
    let address = listener.local_addr()?;
    let server = Server::from_listener(listener, None).map_err(|error| anyhow!("the server did not start: {error}"))?;
    Ok((server, address))
}

/// The files that are served.
struct Site {
    root: PathBuf,
    base: String,
}

/// What a request's path stands for.
#[derive(Debug, PartialEq)]
enum Found {
    File(PathBuf),
    /// A folder without its slash: relative addresses in its page would miss.
    Folder,
    Nothing,
}

impl Site {
    fn answer_all(&self, server: &Server) {
        thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    while let Ok(request) = server.recv() {
                        // A browser that went away is no matter.
                        let _ = self.answer(request);
                    }
                });
            }
        });
    }

    fn answer(&self, request: Request) -> io::Result<()> {
        if !matches!(request.method(), Method::Get | Method::Head) {
            let response = text(405, "Only GET and HEAD are answered.");
            return send(request, with_header(response, "Allow", "GET, HEAD"));
        }
        let url = request.url().to_owned();
        let (path, query) = match url.find('?') {
            Some(at) => url.split_at(at),
            None => (url.as_str(), ""),
        };
        match self.find(path) {
            Found::File(path) => match File::open(&path).and_then(|file| Ok((file.metadata()?.len(), file))) {
                Ok((length, file)) => {
                    let response = Response::new(StatusCode(200), Vec::new(), file, usize::try_from(length).ok(), None);
                    let one_file = path.file_name().is_some_and(|name| name == ONE_FILE);
                    let policy = if one_file { ONE_FILE_POLICY } else { POLICY };
                    send(request, with_policy(with_header(response, "Content-Type", mime(&path)), policy))
                }
                Err(_) => send(request, text(404, "Not found.")),
            },
            Found::Folder => {
                let response = text(308, "It is a folder: its address ends with a slash.");
                send(request, with_header(response, "Location", &format!("{path}/{query}")))
            }
            Found::Nothing => send(request, text(404, "Not found.")),
        }
    }

    /// The file that a path (percent-encoded, without its query) stands for, never one outside the root.
    fn find(&self, path: &str) -> Found {
        let Some(relative) = path.strip_prefix(&self.base) else {
            let is_base = self.base.strip_suffix('/') == Some(path) && !path.is_empty();
            return if is_base { Found::Folder } else { Found::Nothing };
        };
        let Ok(relative) = percent_decode_str(relative).decode_utf8() else { return Found::Nothing };
        let (names, is_folder) = match relative.strip_suffix('/') {
            Some(names) => (names, true),
            None => (&*relative, relative.is_empty()),
        };
        let mut file = self.root.clone();
        if !relative.is_empty() {
            for name in names.split('/') {
                // Exactly one ordinary name: not empty, not `.` or `..`, no backslash or drive, nothing hidden.
                let mut components = Path::new(name).components();
                let one = components.next() == Some(Component::Normal(name.as_ref())) && components.next().is_none();
                if !one || name.starts_with('.') || name.contains(['\\', '\0']) {
                    return Found::Nothing;
                }
                file.push(name);
            }
        }
        // Links are followed only to where they stay inside.
        let Ok(mut file) = file.canonicalize() else { return Found::Nothing };
        if !file.starts_with(&self.root) {
            return Found::Nothing;
        }
        match (file.is_dir(), is_folder) {
            (true, false) => return Found::Folder,
            (false, true) => return Found::Nothing,
            (true, true) => file.push("index.html"),
            (false, false) => {}
        }
        if file.is_file() { Found::File(file) } else { Found::Nothing }
    }
}

/// Answers, and asks the browser to end the connection. While connections are kept, tiny_http 0.12 can leave a new one
/// waiting for one of them to end: of two that come at once, both are given to the one thread that is free.
fn send<R: io::Read>(request: Request, response: Response<R>) -> io::Result<()> {
    let mut answer = Vec::new();
    let head_only = *request.method() == Method::Head;
    response.raw_print(&mut answer, request.http_version().clone(), request.headers(), head_only, None)?;
    // tiny_http itself refuses the header.
    let (status, rest) = answer.split_at(answer.iter().position(|byte| *byte == b'\n').map_or(0, |at| at + 1));
    let mut writer = request.into_writer();
    for part in [status, b"Connection: close\r\n", rest] {
        writer.write_all(part)?;
    }
    writer.flush()
}

fn text(status: u16, sentence: &str) -> Response<io::Cursor<Vec<u8>>> {
    with_policy(Response::from_string(sentence).with_status_code(status), POLICY)
}

/// The headers of every response.
fn with_policy<R: io::Read>(mut response: Response<R>, policy: &str) -> Response<R> {
    for (name, value) in [
        ("Content-Security-Policy", policy),
        ("X-Content-Type-Options", "nosniff"),
        // Ask again each time: what was just built is what is seen.
        ("Cache-Control", "no-cache"),
    ] {
        response = with_header(response, name, value);
    }
    // With a Content-Length however long: a progress bar needs it.
    response.with_chunked_threshold(usize::MAX)
}

fn with_header<R: io::Read>(response: Response<R>, name: &str, value: &str) -> Response<R> {
    match Header::from_bytes(name, value) {
        Ok(header) => response.with_header(header),
        // Not ASCII. Ours are, and tiny_http has refused a request that was not.
        Err(()) => response,
    }
}

fn mime(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("webp") => "image/webp",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("md" | "txt") => "text/plain; charset=utf-8",
        Some("csv") => "text/csv; charset=utf-8",
        Some("xml") => "application/xml",
        Some("pdf") => "application/pdf",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;
    use std::fs;
    use std::io::Read as _;
    use std::net::TcpStream;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    /// A site in a folder of its own, beside a secret; it is removed when the test ends.
    struct Fixture {
        folder: PathBuf,
    }

    impl Fixture {
        fn new() -> Fixture {
            static COUNT: AtomicU32 = AtomicU32::new(0);
            let name = format!("moescope-xtask-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
            let folder = std::env::temp_dir().join(name);
            fs::create_dir_all(folder.join("dist/model")).unwrap();
            fs::create_dir_all(folder.join("dist/.git")).unwrap();
            for (file, text) in [
                ("secret.txt", "secret"),
                ("dist/index.html", "<title>page</title>"),
                ("dist/app.js", "1"),
                ("dist/moescope.html", "<script>1</script>"),
                ("dist/a b.json", "{}"),
                ("dist/.git/config", "hidden"),
                ("dist/model/index.html", "<title>model</title>"),
            ] {
                fs::write(folder.join(file), text).unwrap();
            }
            fs::write(folder.join("dist/moescope_bg.wasm"), vec![0; 100_000]).unwrap();
            Fixture { folder: folder.canonicalize().unwrap() }
        }

        fn site(&self, base: &str) -> Site {
            Site { root: self.folder.join("dist"), base: base.to_owned() }
        }

        fn file(&self, path: &str) -> Found {
            Found::File(self.folder.join("dist").join(path))
        }
    }

    impl Drop for Fixture {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }

    /// Asks a served fixture for raw request lines; what comes back is status, headers and body.
    fn ask(base: &str, requests: &[&str]) -> Vec<(String, HashMap<String, String>, Vec<u8>)> {
        let fixture = Fixture::new();
        let options = Options { port: Some(0), ..Options::default() };
        let (server, address) = start(&options).unwrap();
        let server = Arc::new(server);
        let site = fixture.site(base);
        thread::scope(|scope| {
            scope.spawn(|| site.answer_all(&server));
            let answers = requests.iter().map(|request| {
                let mut stream = TcpStream::connect(address).unwrap();
                write!(stream, "{request} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n").unwrap();
                let mut answer = Vec::new();
                stream.read_to_end(&mut answer).unwrap();
                let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
                let head = String::from_utf8(answer[..end].to_vec()).unwrap();
                let mut lines = head.lines();
                let status = lines.next().unwrap().split(' ').nth(1).unwrap().to_owned();
                let headers = lines.filter_map(|line| line.split_once(": "));
                let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
                (status, headers, answer[end + 4..].to_vec())
            });
            let answers = answers.collect();
            (0..THREADS).for_each(|_| server.unblock());
            answers
        })
    }

    #[test]
    fn every_response_carries_the_policy() {
        let requests =
            ["GET /", "HEAD /", "GET /missing", "GET /../secret.txt", "GET /model", "POST /", "DELETE /app.js"];
        let answers = ask("/", &requests);
        let statuses: Vec<_> = answers.iter().map(|(status, ..)| status.as_str()).collect();
        assert_eq!(statuses, ["200", "200", "404", "404", "308", "405", "405"]);
        for ((_, headers, _), request) in answers.iter().zip(requests) {
            assert_eq!(headers["content-security-policy"], POLICY, "{request}");
            assert_eq!(headers["x-content-type-options"], "nosniff", "{request}");
            assert_eq!(headers["cache-control"], "no-cache", "{request}");
            // Kept connections would make new ones wait: see `send`.
            assert_eq!(headers["connection"], "close", "{request}");
        }
    }

    #[test]
    fn the_one_file_may_run_what_stands_in_it_and_ask_for_nothing() {
        for (status, headers, _) in ask("/", &["GET /moescope.html", "HEAD /moescope.html?v=2"]) {
            assert_eq!((status.as_str(), headers["content-security-policy"].as_str()), ("200", ONE_FILE_POLICY));
        }
        assert!(!ONE_FILE_POLICY.contains("connect-src") && !ONE_FILE_POLICY.contains("'self'"));
        assert!(!ONE_FILE_POLICY.contains("http") && !ONE_FILE_POLICY.contains("  "));
    }

    #[test]
    fn the_policy_allows_no_inline_code_and_nothing_foreign() {
        assert!(POLICY.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self';"));
        assert!(!POLICY.contains("unsafe-inline") && !POLICY.contains("'unsafe-eval'") && !POLICY.contains("http"));
        assert!(!POLICY.contains("  "), "one space between sources");
    }

    #[test]
    fn a_long_file_has_its_length_and_type_and_head_has_no_body() {
        let answers = ask("/", &["GET /moescope_bg.wasm", "HEAD /moescope_bg.wasm"]);
        for (status, headers, _) in &answers {
            assert_eq!(status, "200");
            assert_eq!(headers["content-length"], "100000");
            assert_eq!(headers["content-type"], "application/wasm");
            assert!(!headers.contains_key("transfer-encoding"));
        }
        assert_eq!(answers[0].2.len(), 100_000);
        assert_eq!(answers[1].2.len(), 0);
    }

    #[test]
    fn a_folder_redirects_to_its_slash_and_keeps_the_query() {
        let answers = ask("/some/path/", &["GET /some/path/model?a=1", "GET /some/path", "GET /some/path/model/"]);
        assert_eq!(answers[0].1["location"], "/some/path/model/?a=1");
        assert_eq!(answers[1].1["location"], "/some/path/");
        assert_eq!(answers[2].2, b"<title>model</title>");
    }

    #[test]
    fn files_are_found_by_their_encoded_names() {
        let fixture = Fixture::new();
        let site = fixture.site("/");
        assert_eq!(site.find("/"), fixture.file("index.html"));
        assert_eq!(site.find("/app.js"), fixture.file("app.js"));
        assert_eq!(site.find("/a%20b.json"), fixture.file("a b.json"));
        assert_eq!(site.find("/model/"), fixture.file("model/index.html"));
        assert_eq!(site.find("/model"), Found::Folder);
        assert_eq!(site.find("/app.js/"), Found::Nothing);
        assert_eq!(site.find("/App.jsx"), Found::Nothing);
    }

    #[test]
    fn nothing_outside_the_site_is_found() {
        let fixture = Fixture::new();
        let site = fixture.site("/");
        for path in [
            "/../secret.txt",
            "/model/../../secret.txt",
            "/%2e%2e/secret.txt",
            "/%2E%2E%2Fsecret.txt",
            "/..%5csecret.txt",
            "/model%00/",
            "//etc/passwd",
            "/%2Fetc/passwd",
            "/./app.js",
            "/model//index.html",
            "/.git/config",
            "/%ff",
            "",
            "secret.txt",
            "http://other/app.js",
        ] {
            assert_eq!(site.find(path), Found::Nothing, "{path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leaves_the_site_is_not_followed() {
        let fixture = Fixture::new();
        let dist = fixture.folder.join("dist");
        std::os::unix::fs::symlink("../secret.txt", dist.join("out.txt")).unwrap();
        std::os::unix::fs::symlink("app.js", dist.join("in.js")).unwrap();
        let site = fixture.site("/");
        assert_eq!(site.find("/out.txt"), Found::Nothing);
        assert_eq!(site.find("/in.js"), fixture.file("app.js"));
    }

    #[test]
    fn under_a_base_nothing_else_is_found() {
        let fixture = Fixture::new();
        let site = fixture.site("/some/path/");
        assert_eq!(site.find("/some/path/app.js"), fixture.file("app.js"));
        assert_eq!(site.find("/some/path/"), fixture.file("index.html"));
        assert_eq!(site.find("/some/path"), Found::Folder);
        for path in ["/", "/app.js", "/some/pathapp.js", "/some/", "/some/path/../path/app.js"] {
            assert_eq!(site.find(path), Found::Nothing, "{path}");
        }
    }

    #[test]
    fn a_base_is_a_plain_path_between_slashes() {
        assert_eq!(base("").unwrap(), "/");
        assert_eq!(base("/").unwrap(), "/");
        assert_eq!(base("a/b").unwrap(), "/a/b/");
        for bad in ["/a?b", "/a/../b", "/a%20b/", "#"] {
            assert!(base(bad).unwrap_err().to_string().contains(bad));
        }
    }

    #[test]
    fn a_taken_port_is_an_error_only_when_it_was_asked_for() {
        let (_first, taken) = start(&Options { port: Some(0), ..Options::default() }).unwrap();
        let Err(error) = start(&Options { port: Some(taken.port()), ..Options::default() }) else {
            panic!("two servers on one port")
        };
        assert!(error.to_string().contains(&taken.port().to_string()));

        let (_one, one) = start(&Options::default()).unwrap();
        let (_other, other) = start(&Options::default()).unwrap();
        assert_ne!(one, other);
    }

    #[test]
    fn an_unbuilt_page_is_an_error_that_says_what_builds_it() {
        let error = serve(Path::new("no/such/dist"), &Options::default()).unwrap_err();
        assert!(error.to_string().contains("cargo xtask build"));
    }

    #[test]
    fn types_are_by_extension() {
        for (file, expected) in [
            ("index.html", "text/html; charset=utf-8"),
            ("a.js", "text/javascript; charset=utf-8"),
            ("a.css", "text/css; charset=utf-8"),
            ("config.json", "application/json"),
            ("a.wasm", "application/wasm"),
            ("a.svg", "image/svg+xml"),
            ("model.safetensors", "application/octet-stream"),
            ("none", "application/octet-stream"),
        ] {
            assert_eq!(mime(Path::new(file)), expected);
        }
    }
}
