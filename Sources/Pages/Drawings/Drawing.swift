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

  /// Amounts by hour of the day.
  static let hoursOfDay: @Sendable (PageTable) -> any Chart = { table in
    ColumnsChart(
      "completed amount by hour of the day (UTC)", parts: [.init("completed amount")],
      table.rows.map { row in
        let hour = table.text(row, "hour_of_day") ?? "–"
        return ColumnsChart.Column(
          hour.count < 2 ? "0" + hour : hour, instant: nil, [table.number(row, "completed_amount")])
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
