internal import Charts
internal import Foundation
internal import PayopsCore

/// Charts of the rows of blocks.
enum Drawing {
  /// Bars of one number for each row.
  static func bars(
    _ title: String, label: String, value: String,
    _ quantity: @escaping @Sendable (String) -> Quantity
  ) -> @Sendable (PageTable) -> any Chart {
    { table in
      BarChart(
        title,
        table.rows.map { BarChart.Row(table.text($0, label) ?? "–", table.number($0, value)) },
        quantity: quantity(table.currency))
    }
  }

  /// One bar with a part for each row.
  static func stack(
    _ title: String, label: String, value: String, oldIsBad: Bool = false
  ) -> @Sendable (PageTable) -> any Chart {
    { table in
      StackChart(
        title,
        table.rows.enumerated().map { place, row in
          // The last bucket is the oldest: what is there needs somebody.
          let isWorst = oldIsBad && place == table.rows.count - 1
          return StackChart.Part(
            table.text(row, label) ?? "–", table.number(row, value),
            tone: isWorst && (table.number(row, value) ?? 0) > 0 ? .warning : .normal)
        })
    }
  }

  /// A share against its target for each row.
  static func bullets(
    _ title: String, label: String, value: String, target: String?, note: String
  ) -> @Sendable (PageTable) -> any Chart {
    { table in
      BulletChart(
        title,
        table.rows.map { row in
          let share = table.number(row, value)
          let goal = target.flatMap { table.number(row, $0) }
          let isMissed = share.flatMap { share in goal.map { share < $0 } } ?? false
          return BulletChart.Row(
            table.text(row, label) ?? "–", share, target: goal,
            note: table.text(row, note).map { "of \($0)" }, tone: isMissed ? .warning : .normal)
        })
    }
  }

  /// Counts by weekday and hour of rows that have an hour (UTC).
  static func weekHours(
    _ title: String, time: String, value: String
  ) -> @Sendable (PageTable) -> any Chart {
    { table in
      var sums = [[Double?]](repeating: [Double?](repeating: nil, count: 24), count: 7)
      for row in table.rows {
        guard let text = table.text(row, time), let hour = CivilInstant(text),
          let number = table.number(row, value)
        else { continue }
        // 1970-01-01 was a Thursday; Monday is 0.
        let weekday = ((hour.daysSinceEpoch + 3) % 7 + 7) % 7
        let slot = hour.secondOfDay / 3600
        sums[weekday][slot] = (sums[weekday][slot] ?? 0) + number
      }
      return HeatMapChart(
        title, rows: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
        columns: (0..<24).map { $0 < 10 ? "0\($0)" : "\($0)" }, sums, note: "hours in UTC")
    }
  }

  /// What alerts said over time: a row for each series, from the first alert to now.
  static func ribbon(_ title: String) -> @Sendable (PageTable) -> any Chart {
    { table in
      let slots = 120
      let end = CivilInstant(table.moment.prefix(19))?.secondsSinceEpoch ?? 0
      let starts = table.rows.compactMap { table.instant($0, "raised_at")?.secondsSinceEpoch }
      // Whole hours, and six at least.
      let hours = max(6, (end - (starts.min() ?? end)) / 3600 + 1)
      let begin = end - hours * 3600
      var order: [String] = []
      var lines: [String: [Tone]] = [:]
      for row in table.rows {
        guard let start = table.instant(row, "raised_at")?.secondsSinceEpoch else { continue }
        let name = [table.text(row, "metric_name"), table.text(row, "alert_subject")]
          .compactMap { $0 == "all" ? nil : $0 }.joined(separator: " ")
        let stop = table.instant(row, "resolved_at")?.secondsSinceEpoch ?? end
        if lines[name] == nil { order.append(name) }
        var line = lines[name] ?? [Tone](repeating: .normal, count: slots)
        let first = min(max((start - begin) * slots / (hours * 3600), 0), slots - 1)
        let last = min(max((stop - begin) * slots / (hours * 3600), first), slots - 1)
        let tone = Tone(word: table.text(row, "severity"))
        for slot in first...last { line[slot] = max(line[slot], tone) }
        lines[name] = line
      }
      // The worst on top, then the latest.
      let ranked = order.enumerated().sorted { left, right in
        let (a, b) = (lines[left.element]?.max() ?? .normal, lines[right.element]?.max() ?? .normal)
        return a == b ? left.offset < right.offset : a > b
      }
      return RibbonChart(
        title, ranked.prefix(20).map { RibbonChart.Row($0.element, lines[$0.element] ?? []) },
        ticks: RibbonChart.ticks(from: begin, to: end),
        slotSeconds: Double(hours * 3600) / Double(slots))
    }
  }

  /// The life of an alert.
  static let lifeline: @Sendable (PageTable) -> any Chart = { table in
    let now = CivilInstant(table.moment.prefix(19))?.secondsSinceEpoch
    return LifelineChart(
      "life of the alert",
      table.rows.compactMap { row in
        guard let at = table.instant(row, "changed_at") else { return nil }
        return LifelineChart.Event(
          seconds: Double(at.secondsSinceEpoch), instant: at.rfc3339,
          label: table.text(row, "change_kind") ?? "", tone: Tone(word: table.text(row, "severity"))
        )
      }, nowSeconds: now.map(Double.init))
  }

  /// How much of a departure each member explains, beside its share of events.
  static let shares: @Sendable (PageTable) -> any Chart = { table in
    ShareChart(
      "members that explain the departure",
      table.rows.map { row in
        ShareChart.Row(
          [table.text(row, "dimension"), table.text(row, "member")].compactMap { $0 }
            .joined(separator: " "),
          eventShare: table.number(row, "event_share"),
          departureShare: table.number(row, "explained_share"))
      })
  }

  /// The parties of a customer's payments.
  static let network: @Sendable (PageTable) -> any Chart = { table in
    let centre = table.rows.first.flatMap { table.text($0, "customer_id") } ?? "–"
    var order: [String] = []
    var nodes: [String: (label: String, inward: Double, outward: Double, band: String?)] = [:]
    for row in table.rows {
      let id = table.text(row, "counterparty_key") ?? "–"
      if nodes[id] == nil { order.append(id) }
      var node =
        nodes[id]
        ?? (
          label: table.text(row, "masked_counterparty")
            ?? table.text(row, "counterparty_customer_id").map { "customer \($0)" } ?? "unknown",
          inward: 0, outward: 0, band: table.text(row, "counterparty_band")
        )
      let amount = table.number(row, "payment_amount") ?? 0
      if table.text(row, "direction") == "in" {
        node.inward += amount
      } else {
        node.outward += amount
      }
      nodes[id] = node
    }
    return NetworkChart(
      centre: "customer \(centre)",
      order.compactMap { id in
        nodes[id].map { node in
          NetworkChart.Node(
            id: id, label: node.label, inward: node.inward, outward: node.outward,
            note: node.band.map { "\($0) risk" })
        }
      }, quantity: .amount(table.currency))
  }

  /// Counts of values in buckets of a logarithmic axis.
  static let histogram: @Sendable (PageTable) -> any Chart = { table in
    HistogramChart(
      "completed payments by value",
      table.rows.compactMap { row in
        guard let lower = table.number(row, "from_amount"),
          let upper = table.number(row, "to_amount"),
          let count = table.number(row, "completed_count")
        else { return nil }
        return HistogramChart.Bucket(lower: lower, upper: upper, count: count)
      }, quantity: .amount(table.currency))
  }

  /// Places of customers.
  static let map: @Sendable (PageTable) -> any Chart = { table in
    MapChart(
      "customers by city",
      table.rows.compactMap { row in
        guard let latitude = table.number(row, "latitude"),
          let longitude = table.number(row, "longitude")
        else { return nil }
        return MapChart.Place(
          table.text(row, "city") ?? "–", latitude: latitude, longitude: longitude,
          count: table.number(row, "customer_count") ?? 0,
          highRisk: table.number(row, "high_risk_count") ?? 0)
      }, outlines: .embedded)
  }
}
