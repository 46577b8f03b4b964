internal import Catalogue
internal import Tabular

/// What Grafana provisions: a data source without its password, and a dashboard for each subject.
package struct GrafanaKit: Sendable {
  private let contents: KitContents
  private let source: KitSource

  /// Makes a kit.
  package init(_ contents: KitContents, source: KitSource) {
    self.contents = contents
    self.source = source
  }

  /// The variable from which Grafana takes the password.
  static let passwordVariable = "PAYOPS_BI_PASSWORD"

  /// The files, as they lie below Grafana's folder `provisioning`.
  package var files: [KitFile] {
    [datasource, provider]
      + contents.subjects.map { GrafanaDashboard(subject: $0).file }
  }

  private var datasource: KitFile {
    KitFile(
      "datasources/payops.yaml",
      yaml: .pairs([
        "apiVersion": .integer(1),
        "datasources": .array([
          .pairs([
            "name": .string("payops"), "uid": .string(GrafanaDashboard.datasource),
            "type": .string("mysql"), "access": .string("proxy"),
            "url": .string("\(source.host):\(source.port)"), "user": .string(source.user),
            "editable": .bool(false),
            "jsonData": .pairs([
              "database": .string(source.database),
              // Times of payops are UTC.
              "timezone": .string("+00:00"), "maxOpenConns": .integer(4),
              "maxIdleConns": .integer(4), "connMaxLifetime": .integer(3600),
            ]),
            "secureJsonData": .pairs(["password": .string("$" + Self.passwordVariable)]),
          ])
        ]),
      ]))
  }

  private var provider: KitFile {
    KitFile(
      "dashboards/payops.yaml",
      yaml: .pairs([
        "apiVersion": .integer(1),
        "providers": .array([
          .pairs([
            "name": .string("payops"), "folder": .string("payops"), "type": .string("file"),
            "disableDeletion": .bool(false), "updateIntervalSeconds": .integer(60),
            "allowUiUpdates": .bool(false),
            "options": .pairs([
              "path": .string("/etc/grafana/provisioning/dashboards/payops")
            ]),
          ])
        ]),
      ]))
  }
}
