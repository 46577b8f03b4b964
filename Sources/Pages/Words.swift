internal import Charts

/// Figures in sentences.
enum Words {
  /// A count with its thousands apart.
  static func count(_ text: String?) -> String {
    Quantity.count.text(text.flatMap(Double.init))
  }

  /// A share in percent.
  static func percent(_ text: String?) -> String {
    Quantity.ratio.text(text.flatMap(Double.init))
  }

  /// An amount with its currency.
  static func amount(_ text: String?, _ currency: String) -> String {
    Quantity.amount(currency).text(text.flatMap(Double.init))
  }

  /// `, 1.2 points below the same weekday last week`; empty without a value.
  static func points(_ text: String?) -> String {
    guard let value = text.flatMap(Double.init) else { return "" }
    let size = Quantity.ratio.text(abs(value) / 100).replacing("\u{202F}%", with: "")
    guard abs(value) >= 0.05 else { return ", as on this weekday last week" }
    return ", \(size) points \(value < 0 ? "below" : "above") this weekday last week"
  }
}

/// The most severe open incident.
struct Incident {
  private let table: PageTable
  private let row: [String?]

  /// Finds it in a block of `ops_incidents`; nil without an open incident.
  init?(_ tables: PageTables, block: String) {
    guard let table = tables[block], !table.rows.isEmpty else { return nil }
    let rank = ["INFO": 1, "WARNING": 2, "CRITICAL": 3, "SEVERE": 4]
    let worst = table.rows.max { left, right in
      rank[table.text(left, "severity") ?? ""] ?? 0 < rank[table.text(right, "severity") ?? ""] ?? 0
    }
    guard let worst else { return nil }
    self.table = table
    row = worst
  }

  /// The sentence: what, since when, who and how much.
  func summary(count: Int) -> PageDefinition.Summary {
    let severity = table.text(row, "severity") ?? ""
    var text = count == 1 ? "One incident: " : "\(count) incidents, the worst: "
    let message = table.text(row, "alert_message") ?? ""
    let rule = table.text(row, "alert_rule").map {
      $0.hasPrefix("monitor_") ? String($0.dropFirst(8)) : $0
    }
    let subject = Drawing.series(rule, table.text(row, "alert_subject"))
    // The rest of the message repeats what stands beside it: money, customers, times.
    let first = message.prefix { $0 != ";" }
    text += subject.isEmpty ? "" : "\(subject): "
    text += first
    if let cause = table.text(row, "cause") {
      text += ", mostly \(cause.replacing("=", with: " ").replacing("_", with: " "))"
    }
    if let since = table.text(row, "raised_at") {
      text += ", since \(since.prefix(16).replacing(" ", with: "T")):00Z"
    }
    text += "."
    if let payments = table.text(row, "payments_affected") {
      text += " \(Words.count(payments)) payments"
      if let value = table.text(row, "value_at_stake") {
        text += ", \(Words.amount(value, table.currency))"
      }
      if let customers = table.text(row, "customers_affected") {
        text += ", \(Words.count(customers)) customers"
      }
      text += "."
    }
    return PageDefinition.Summary(severity.lowercased(), text)
  }
}
