package import MariaDBClient
package import PayopsCore

/// The published views and KPIs, as the database describes them.
package struct Catalogue: Sendable {
  /// The published views by name.
  package let views: [String: PublishedView]
  /// The KPIs by name.
  package let kpis: [String: KPI]

  /// Reads the catalogue.
  ///
  /// - Parameter connection: connection with the schema selected
  /// - Throws: `DatabaseError`
  package static func read(on connection: Connection) async throws -> Catalogue {
    let columns = try await connection.query(
      "SELECT * FROM catalog_columns ORDER BY view_name, ordinal_position")
    let byView = Dictionary(grouping: columns.rows) { $0["view_name"] ?? "" }
    let views = try await connection.query("SELECT * FROM catalog_views").rows.map {
      PublishedView($0, columns: byView[$0["view_name"] ?? ""] ?? [])
    }
    let kpis = try await connection.query("SELECT * FROM kpi_catalog").rows.map { KPI($0) }
    return Catalogue(
      views: Dictionary(views.map { ($0.name, $0) }) { first, _ in first },
      kpis: Dictionary(kpis.map { ($0.name, $0) }) { first, _ in first })
  }

  /// Finds the view of a name, or the view that holds the KPI of that name.
  ///
  /// - Throws: ``Fault`` with the nearest name when there is neither
  package func view(_ name: String) throws(Fault) -> PublishedView { try subject(name).view }

  /// What a name stands for: a KPI, or a view.
  package struct Subject: Sendable {
    /// The view that holds it.
    package let view: PublishedView
    /// The KPI; nil when the name is that of the view, or the whole view is the KPI.
    package let kpi: KPI?
    /// The KPIs that are columns of the view, when the name is that of the view.
    package let columns: Set<String>
  }

  /// Finds the KPI of a name, or else the view of that name: a KPI comes first.
  ///
  /// - Throws: ``Fault`` with the nearest name when there is neither
  package func subject(_ name: String) throws(Fault) -> Subject {
    let named = kpis[name]
    guard let view = views[named?.view ?? name] else {
      throw .usage(
        "there is no KPI '\(name)'",
        hint: nearestWord(to: name, among: (Array(kpis.keys) + Array(views.keys)).sorted())
          .map { "did you mean \($0)?" } ?? "see `payops kpi`")
    }
    let columns = kpis.values.filter { $0.view == view.name }.compactMap(\.value)
    return Subject(
      view: view, kpi: named.flatMap { $0.isOneColumn ? $0 : nil },
      columns: named == nil ? Set(columns) : Set([named?.value].compactMap { $0 }))
  }
}

extension PublishedView {
  init(_ row: Row, columns: [Row]) {
    self.init(
      name: row["view_name"] ?? "", family: row["family"] ?? "", purpose: row["purpose"] ?? "",
      grain: row["grain"] ?? "", key: Self.list(row["key_columns"]),
      timeColumn: row["time_column"], defaultFilter: row["default_filter"],
      nullNote: row["null_note"] ?? "", readers: Self.list(row["reader_roles"]),
      follows: row["follows"], isPersonal: row["is_personal"] == "1",
      columns: columns.map { Column($0) })
  }

  private static func list(_ text: String?) -> [String] {
    (text ?? "").split(separator: ",").map(String.init)
  }
}

extension PublishedView.Column {
  init(_ row: Row) {
    let parts = [row["numerator"], row["denominator"]].compactMap { $0 }
    self.init(
      name: row["column_name"] ?? "", type: row["column_type"] ?? "", unit: row["unit"] ?? "",
      meaning: row["meaning"] ?? "", additive: Additive(rawValue: row["additive"] ?? "") ?? .no,
      ratio: parts.count == 2
        ? PublishedView.Ratio(numerator: parts[0], denominator: parts[1]) : nil,
      isPersonal: row["is_personal"] == "1")
  }
}

extension KPI {
  init(_ row: Row) {
    self.init(
      name: row["kpi_name"] ?? "", family: row["subject"] ?? "", formula: row["formula"] ?? "",
      unit: row["unit"] ?? "", better: Better(rawValue: row["better"] ?? "") ?? .neither,
      view: row["source_view"] ?? "", value: row["value_column"])
  }
}
