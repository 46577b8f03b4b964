internal import MariaDBClient
internal import Schema

/// Installs the project's own tables, views and routines for one test.
///
/// A deployment reads, compares and records every object and builds calendars. Each test process
/// does that once, in a template. A test then runs the same statements in one script and copies the
/// calendars and the record of the deployment.
enum SchemaInstallation {
  private struct Template: Sendable {
    let schema: String
    let script: String
  }

  private static let calendars = "sql/reference/calendar_days.sql"
  private static let builtTables = ["calendar_days", "settlement_windows", "deployed_objects"]
  private static let template = Task { try await makeTemplate() }

  static func install(on connection: Connection) async throws {
    let template = try await template.value
    try await connection.runScript(template.script)
    for table in builtTables {
      try await connection.execute(
        "INSERT INTO \(table) SELECT * FROM `\(template.schema)`.\(table)")
    }
  }

  private static func makeTemplate() async throws -> Template {
    let name = "payops_template_" + String(UInt64.random(in: 0...UInt64.max), radix: 36)
    var options = try await TestServer.shared()
    let administrator = try await Connection.open(options)
    try await administrator.execute("CREATE DATABASE `\(name)` \(TextDefaults.clause)")
    await administrator.close()
    options.database = name
    let connection = try await Connection.open(options)
    try await Deployment(connection: connection).deploy()
    let dialect = Dialect(of: connection.serverVersion)
    await connection.close()
    let objects = try Manifest.embedded().written(in: dialect).objects.filter {
      $0.kind != .migration && $0.path != calendars
    }
    return Template(
      schema: name, script: objects.flatMap(\.statements).joined(separator: ";\n"))
  }
}
