import Catalogue
import MariaDBClient
import PayopsCore

/// Reads the sources on one connection, until a deadline.
struct MetricReading {
  /// The prefix of every name.
  static let prefix = "payops_"
  /// The most series of one metric; a metric that has more is cut, and a metric says so.
  static let mostSeries = 200

  /// The catalogue.
  let catalogue: Catalogue
  /// The base currency; nil when there is none.
  let currency: String?
  /// The families read so far.
  private(set) var families: [MetricFamily] = []
  private var success: [MetricFamily.Sample] = []
  private var seconds: [MetricFamily.Sample] = []
  private var dropped: [MetricFamily.Sample] = []

  init(catalogue: Catalogue, currency: String?) {
    self.catalogue = catalogue
    self.currency = currency
  }

  /// Reads a source; one that fails, is denied or comes too late leaves out its own metrics alone.
  ///
  /// - Parameters:
  ///   - source: the source
  ///   - remaining: the time that is left; the server ends a statement that takes longer
  mutating func read(
    _ source: MetricSource, on connection: Connection, within remaining: Duration
  ) async {
    guard let view = catalogue.views[source.view] else { return }
    let label = [MetricFamily.Label("view", source.view), .init("subject", source.subject)]
    let clock = ContinuousClock()
    let start = clock.now
    var isRead = false
    if remaining > .zero, let rows = try? await rows(source, view, connection, remaining) {
      isRead = true
      let kept = rows.prefix(Self.mostSeries)
      dropped.append(.init(Double(rows.count - kept.count), labels: label))
      families += made(of: Array(kept), source, view)
    }
    success.append(.init(isRead ? 1 : 0, labels: label))
    let spent = (clock.now - start).components
    seconds.append(
      .init(Double(spent.seconds) + Double(spent.attoseconds) / 1e18, labels: label))
  }

  /// What is known about the reading itself.
  var ownFamilies: [MetricFamily] {
    [
      MetricFamily(
        "payops_exporter_view_success", help: "1 when the view was read", samples: success),
      MetricFamily(
        "payops_exporter_view_duration_seconds", help: "how long the view took", samples: seconds),
      MetricFamily(
        "payops_exporter_dropped_rows",
        help: "rows of the view beyond the \(Self.mostSeries) that are shown", samples: dropped),
    ]
  }

  private func rows(
    _ source: MetricSource, _ view: PublishedView, _ connection: Connection, _ remaining: Duration
  ) async throws -> [Row] {
    let left = remaining.components
    let limit = Double(left.seconds) + Double(left.attoseconds) / 1e18
    // Enough to say that many are left out; a count of all could be expensive.
    let sql = source.statement(view, limit: Self.mostSeries * 10)
    return try await connection.query(connection.limited(sql, toSeconds: limit)).rows
  }

  private func made(
    of rows: [Row], _ source: MetricSource, _ view: PublishedView
  ) -> [MetricFamily] {
    var families: [MetricFamily] = []
    for (column, name) in source.measured(in: view) {
      families.append(
        MetricFamily(
          Self.prefix + name.text, help: "\(column.meaning) (\(view.name).\(column.name))",
          samples: rows.compactMap { sample($0, column.name, name, source) }))
    }
    switch source.shape {
    case .rows: break
    case .counted(let name, let help, _):
      families = families.map { filled($0, source) }
      families.append(
        filled(
          MetricFamily(
            "\(Self.prefix)\(source.subject)_\(name)", help: "\(help) (\(view.name))",
            samples: rows.map {
              .init($0.double("row_count") ?? 0, labels: labels(of: $0, source))
            }), source))
    case .named(let by, let unit, let value):
      families += rows.compactMap { row in
        let kpi = row[by] ?? ""
        guard let name = MetricName(kpi, unit: row[unit] ?? "", subject: source.subject),
          let sample = sample(row, value, name, source)
        else { return nil }
        let meaning = catalogue.kpis[kpi]?.formula ?? kpi.replacing("_", with: " ")
        return MetricFamily(
          Self.prefix + name.text, help: "\(meaning), \(source.subject) so far (\(view.name), UTC)",
          samples: [sample])
      }
    }
    return families
  }

  private func sample(
    _ row: Row, _ column: String, _ name: MetricName, _ source: MetricSource
  ) -> MetricFamily.Sample? {
    let value =
      name.isInstant
      ? row[column].flatMap { CivilInstant($0) }.map { Double($0.secondsSinceEpoch) }
      : row.double(column).map { $0 * name.factor }
    guard let value else { return nil }
    return .init(value, labels: labels(of: row, source) + (name.isAmount ? money : []))
  }

  private var money: [MetricFamily.Label] { currency.map { [.init("currency", $0)] } ?? [] }

  private func labels(of row: Row, _ source: MetricSource) -> [MetricFamily.Label] {
    source.labels.map { .init($0, row[$0] ?? "") }
  }

  /// The family with 0 for each combination of members that has no rows, so that a rule sees an end.
  private func filled(_ family: MetricFamily, _ source: MetricSource) -> MetricFamily {
    guard source.labels.allSatisfy({ source.members[$0] != nil }) else { return family }
    var family = family
    let more = family.unit == "amount" ? money : []
    var combinations: [[MetricFamily.Label]] = [[]]
    for label in source.labels {
      combinations = combinations.flatMap { combination in
        (source.members[label] ?? []).map { combination + [.init(label, $0)] }
      }
    }
    let known = Set(family.samples.map(\.labels))
    family.samples += combinations.map { $0 + more }.filter { !known.contains($0) }
      .map { .init(0, labels: $0) }
    return family
  }
}
