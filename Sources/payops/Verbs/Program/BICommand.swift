import BusinessIntelligence
import Catalogue
import EmbeddedServer
import Foundation
import MariaDBClient
import PayopsCore
import Tabular

/// `payops bi …`: files for BI tools, made from the catalogue.
struct BICommand: Verb {
  let name = "bi"
  let summary = "write dashboards and models for BI tools"
  let discussion = """
    Makes files from the KPIs and views of the database that the role bi may read: a new
    KPI is a new metric, measure and chart. The same catalogue gives the same bytes. No
    file holds a password; each tool asks for it. See docs/bi.md.
    """
  let subverbs: [any Verb] = [
    BIToolCommand(
      name: "superset", summary: "write an import bundle for Apache Superset 6",
      discussion: """
        Writes payops-superset.zip (database, datasets with metrics, charts, dashboards) and
        import.py, which imports it and overwrites what an earlier bundle made, charts
        included; the import of dashboards in Superset's own pages leaves charts as they
        are.

          payops bi superset kit && kit/import.py --url https://superset.example
        """
    ) { SupersetBundle($0, source: $1).files },
    BIToolCommand(
      name: "grafana", summary: "write data source and dashboards for Grafana",
      discussion: """
        Writes what Grafana provisions: copy it to /etc/grafana/provisioning, and give
        Grafana the password in the environment variable PAYOPS_BI_PASSWORD.
        """
    ) { GrafanaKit($0, source: $1).files },
    BIToolCommand(
      name: "powerbi", summary: "write a project for Power BI Desktop",
      discussion: """
        Writes a project (PBIP) whose model, in TMDL, has a table for each view and a
        measure for each KPI. Open payops.pbip in Power BI Desktop; it needs the ODBC driver
        of MariaDB and asks for the account.
        """
    ) { PowerBIProject($0, source: $1).files },
  ]
}

/// `payops bi TOOL DIR`.
struct BIToolCommand: DatabaseVerb {
  static let directory = Positional(
    name: "DIR", help: "the folder to write to; files of an earlier kit are replaced",
    completion: .directory)
  static let source = Option.text(
    "source", "URL",
    "how the tool reaches the database, without a password"
      + " (default mariadb://bi_reader@127.0.0.1:3306/ and the schema)")

  let name: String
  let summary: String
  let discussion: String
  /// Makes the files.
  let files: @Sendable (KitContents, KitSource) -> [KitFile]

  let positionals = [directory]
  let options = [source.declaration]

  init(
    name: String, summary: String, discussion: String,
    files: @escaping @Sendable (KitContents, KitSource) -> [KitFile]
  ) {
    self.name = name
    self.summary = summary
    self.discussion = discussion
    self.files = files
  }

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let database = try DatabaseTarget(for: invocation).database
    let settings = try ConnectionSettings.resolve(
      url: invocation[Self.source] ?? "mariadb://bi_reader@127.0.0.1:3306", environment: [:],
      optionFiles: [])
    let source = KitSource(
      host: settings.options.host ?? "127.0.0.1", port: settings.options.port ?? 3306,
      user: settings.options.user ?? "bi_reader", database: settings.options.database ?? database)
    let catalogue = try await invocation.withReader { try await Catalogue.read(on: $0) }
    let contents = KitContents(catalogue)
    let folder = URL(
      filePath: try invocation.required(Self.directory), directoryHint: .isDirectory)
    let files = files(contents, source)
    try KitFile.write(files, to: folder)
    invocation.console.note(
      "\(files.count) files for \(contents.views.count) views in"
        + " \(folder.path(percentEncoded: false))")
    return .ok
  }
}
