//! The example runs, over a socket, and does what its readers expect.

#[path = "../../examples/mount.rs"]
mod mount;

use std::net::SocketAddr;

use tokio::net::TcpListener;
use tokio::runtime::Runtime;

const TOKEN: &str = "id.0123456789abcdef";

#[test]
fn an_application_serves_its_own_route_and_the_interface_beside_it() {
    let runtime = Runtime::new().unwrap();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let application = mount::application(TOKEN).unwrap().into_make_service_with_connect_info::<SocketAddr>();
    runtime.spawn(async move { axum::serve(listener, application).await });

    let hello = || ureq::get(format!("{address}/hello")).call().unwrap().body_mut().read_to_string().unwrap();
    assert_eq!(hello(), "hello, world");
    let patch = |token: &str, body: &str| {
        let request =
            ureq::patch(format!("{address}/api/v1/config")).header("authorization", format!("Bearer {token}"));
        let request = request.config().http_status_as_error(false).build();
        request.content_type("application/json").send(body).unwrap().status().as_u16()
    };
    assert_eq!(patch(TOKEN, r#"{"name": "moon", "loud": true}"#), 200);
    assert_eq!(hello(), "HELLO, MOON");
    assert_eq!(patch(TOKEN, r#"{"name": ""}"#), 422);
    assert_eq!(patch("id.0123456789abcdeX", r#"{"name": "sun"}"#), 401);
    assert_eq!(hello(), "HELLO, MOON");
    let request =
        ureq::get(format!("{address}/api/v1/feature-flags")).header("authorization", format!("Bearer {TOKEN}"));
    assert!(request.call().unwrap().body_mut().read_to_string().unwrap().contains("loud"));
}
