//! How a flag is written to Redis: without an expiry, and told to whoever follows.

use redis::{Client, Connection, RedisResult, pipe};

use super::error::RedisError;
use super::settings::RedisSettings;

/// A connection on which every command has its time.
pub(super) fn connect(client: &Client, settings: &RedisSettings) -> RedisResult<Connection> {
    let timeout = settings.timeout.max(std::time::Duration::from_millis(1));
    let connection = client.get_connection_with_timeout(timeout)?;
    connection.set_read_timeout(Some(timeout))?;
    connection.set_write_timeout(Some(timeout))?;
    Ok(connection)
}

/// Writes a flag, or takes it away, and tells its name; both or neither.
pub(super) fn write(
    client: &Client,
    settings: &RedisSettings,
    name: &str,
    value: Option<&str>,
) -> Result<(), RedisError> {
    let failed = |error| RedisError::failed(&format!("write the flag `{}`", name.escape_debug()), &error);
    let key = format!("{}{name}", settings.prefix);
    let mut pipe = pipe();
    pipe.atomic();
    match value {
        // Without `EX` and `KEEPTTL`, SET also ends an expiry that the key had.
        Some(value) => pipe.cmd("SET").arg(key).arg(value).ignore(),
        None => pipe.cmd("DEL").arg(key).ignore(),
    };
    pipe.cmd("PUBLISH").arg(settings.channel()).arg(name).ignore();
    let mut connection = connect(client, settings).map_err(failed)?;
    pipe.query::<()>(&mut connection).map_err(failed)
}
