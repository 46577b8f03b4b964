import EmbeddedServer
import MariaDBClient
import Tabular

/// `payops config`: the settings of the connection and where each comes from.
struct ConfigCommand: DatabaseVerb {
  let name = "config"
  let summary = "show the connection settings and where each comes from"
  let discussion = """
    Prints the database that the verbs would work on and each setting with its source:
    default, option file, environment, URL or option. The password is never shown.
    Says which server answers there and which schema it has, if it can be reached. Nothing
    is started, nothing is changed.
    """
  let options = TableOptions.all

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let target = try DatabaseTarget(for: invocation)
    var rows: [[String?]] = [["target", target.description, nil]]
    rows += await target.facts().map { [$0.name, $0.value, nil] }
    rows += target.settings.entries.map { [$0.key, $0.value, $0.source] }
    if target.settings.options.database == nil {
      rows.append(["database", target.database, "default"])
    }
    let table = DataTable(
      columns: ["setting", "value", "source"].map { DataTable.Column(name: $0) }, rows: rows)
    try invocation.console.write(table, as: invocation.format)
    return .ok
  }
}
