internal import Catalogue
internal import Foundation
internal import Tabular

/// What Superset 6 imports: database, datasets with metrics, charts, dashboards, in one ZIP file of
/// type `assets`.
///
/// The type matters: an import of assets overwrites databases, datasets, charts and dashboards; an
/// import of a dashboard leaves the charts that exist as they are.
package struct SupersetBundle: Sendable {
  private let contents: KitContents
  private let source: KitSource

  /// Makes a bundle.
  package init(_ contents: KitContents, source: KitSource) {
    self.contents = contents
    self.source = source
  }

  /// The bundle, and a script that imports it.
  package var files: [KitFile] {
    [
      KitFile("payops-superset.zip", bytes: ZipArchive.bytes(of: entries)),
      KitFile("import.py", SupersetImport.script),
    ]
  }

  /// What is in the ZIP file.
  package var entries: [KitFile] {
    let dashboards = contents.subjects.map { SupersetDashboard($0) }
    let files =
      [metadata, database]
      + contents.views.map {
        SupersetDataset(view: $0, figures: contents.figures(of: $0), source: source).file
      } + dashboards.flatMap(\.charts).map(\.file) + dashboards.map(\.file)
    return files.map { KitFile("payops/" + $0.path, bytes: $0.bytes) }
  }

  private var metadata: KitFile {
    KitFile(
      "metadata.yaml",
      yaml: .pairs([
        "version": .string("1.0.0"), "type": .string("assets"),
        // A constant: the same catalogue gives the same bytes.
        "timestamp": .string("2000-01-01T00:00:00+00:00"),
      ]))
  }

  private var database: KitFile {
    var allowed = CharacterSet.alphanumerics
    allowed.insert(charactersIn: "-._~")
    let user = source.user.addingPercentEncoding(withAllowedCharacters: allowed) ?? source.user
    let host = source.host.contains(":") ? "[\(source.host)]" : source.host
    return KitFile(
      "databases/payops.yaml",
      yaml: .pairs([
        "database_name": .string("payops"),
        "sqlalchemy_uri": .string(
          // The mask stands for the password that an import gives, or that Superset has. Without it
          // an import would remove the password.
          "mysql://\(user):XXXXXXXXXX@\(host):\(source.port)/\(source.database)?charset=utf8mb4"),
        "cache_timeout": .integer(60), "expose_in_sqllab": .bool(true),
        "allow_run_async": .bool(false), "allow_ctas": .bool(false), "allow_cvas": .bool(false),
        "allow_dml": .bool(false), "allow_csv_upload": .bool(false),
        "extra": .pairs([
          "allows_virtual_table_explore": .bool(true), "metadata_params": .object([]),
          "engine_params": .object([]), "schemas_allowed_for_file_upload": .array([]),
        ]),
        "uuid": .string(Self.databaseUUID), "version": .string("1.0.0"),
      ]))
  }

  static let databaseUUID = StableIdentifier.uuid("superset", "database")

  static func uuid(of view: PublishedView) -> String {
    StableIdentifier.uuid("superset", "dataset", view.name)
  }

  static func title(of view: PublishedView) -> String {
    let words = view.name.replacing("_", with: " ")
    return words.prefix(1).uppercased() + words.dropFirst()
  }

  /// The format of a unit in the notation of d3.
  static func format(of unit: String) -> String {
    switch unit {
    case "ratio": ".2%"
    case "count": ",d"
    case "amount", "amount days": ",.2f"
    default: ",.3~f"
    }
  }
}
