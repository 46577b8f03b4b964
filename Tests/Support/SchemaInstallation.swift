internal import MariaDBClient
internal import Schema

/// Installs the project's own tables, views and routines.
///
/// Calendars take most of a deployment's time and are the same everywhere: they are built once for
/// each test process and copied.
enum SchemaInstallation {
  private static let calendars = "sql/reference/calendar_days.sql"
  private static let builtTables = ["calendar_days", "settlement_windows"]
  private static let template = Task { try await makeTemplate() }

  static func install(on connection: Connection) async throws {
    let template = try await template.value
    try await Deployment(
      connection: connection, manifest: Manifest.embedded().excluding([calendars])
    ).deploy()
    for table in builtTables {
      try await connection.execute("INSERT INTO \(table) SELECT * FROM `\(template)`.\(table)")
    }
    try await connection.execute(
      """
      INSERT INTO deployed_objects
      SELECT * FROM `\(template)`.deployed_objects WHERE object_path = '\(calendars)'
      """)
  }

  private static func makeTemplate() async throws -> String {
    let name = "payops_template_" + String(UInt64.random(in: 0...UInt64.max), radix: 36)
    var options = try await TestServer.shared()
    let administrator = try await Connection.open(options)
    try await administrator.execute("CREATE DATABASE `\(name)` CHARACTER SET utf8mb4")
    await administrator.close()
    options.database = name
    let connection = try await Connection.open(options)
    try await Deployment(connection: connection).deploy()
    await connection.close()
    return name
  }
}
