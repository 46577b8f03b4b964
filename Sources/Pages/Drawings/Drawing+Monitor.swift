internal import Charts

extension Drawing {
  /// How long each departure lasts, beside the minutes that each severity takes.
  static let ladder: @Sendable (PageTable) -> any Chart = { table in
    let rungs: [(String, Tone)] = [
      ("info_minutes", .info), ("warning_minutes", .warning), ("critical_minutes", .critical),
      ("severe_minutes", .severe),
    ]
    let rows = table.rows.map { row in
      LadderChart.Row(
        series(table.text(row, "metric_name"), table.text(row, "member")),
        minutes: table.number(row, "elapsed_minutes") ?? 0,
        rungs: rungs.compactMap { name, tone in table.number(row, name).map { ($0, tone) } },
        raised: Tone(word: table.text(row, "severity")),
        // What is quiet again is no longer on its way up.
        note: (table.number(row, "quiet_minutes") ?? 0) == 0 ? nil : quiet(table, row))
    }
    return LadderChart("minutes that each departure lasts", rows)
  }

  private static func quiet(_ table: PageTable, _ row: [String?]) -> String {
    let raised = Tone(word: table.text(row, "severity"))
    let minutes = { (name: String) in
      Quantity.seconds.text((table.number(row, name) ?? 0) * 60)
    }
    return (raised.isNotable ? "\(raised.word), " : "")
      + "\(minutes("elapsed_minutes")), quiet for \(minutes("quiet_minutes"))"
      + " of \(minutes("clear_minutes"))"
  }
}
