internal import Charts
internal import PayopsCore

extension Drawing {
  /// Runs of jobs of a day, a row for each job, those with failures first.
  static let jobs: @Sendable (PageTable) -> any Chart = { table in
    var order: [String] = []
    var rows: [String: [[String?]]] = [:]
    for row in table.rows {
      let job = table.text(row, "job_name") ?? "–"
      if rows[job] == nil { order.append(job) }
      rows[job, default: []].append(row)
    }
    let lines = order.map { job -> (trouble: Double, row: TimelineChart.Row) in
      let slots = rows[job] ?? []
      func total(_ name: String) -> Double {
        slots.reduce(0) { $0 + (table.number($1, name) ?? 0) }
      }
      let spans = slots.compactMap { row -> TimelineChart.Span? in
        guard let at = table.instant(row, "slot_at") else { return nil }
        let begin = Double(at.secondsSinceEpoch)
        return .init(
          from: begin, to: begin + 1_800,
          tone: tone(
            failed: table.number(row, "failed_count") ?? 0,
            leftOut: table.number(row, "left_out_count") ?? 0),
          title: outcome(
            of: table.number(row, "run_count") ?? 0,
            failed: table.number(row, "failed_count") ?? 0,
            leftOut: table.number(row, "left_out_count") ?? 0)
            + " in the half hour")
      }
      let row = TimelineChart.Row(
        job, spans,
        note: outcome(
          of: total("run_count"), failed: total("failed_count"), leftOut: total("left_out_count")))
      return (total("failed_count") > 0 ? 2 : total("left_out_count") > 0 ? 1 : 0, row)
    }
    let now = CivilInstant(table.moment.prefix(19)).map { Double($0.secondsSinceEpoch) } ?? 0
    let ranked = lines.enumerated().sorted {
      ($1.element.trouble, $0.offset) < ($0.element.trouble, $1.offset)
    }
    return TimelineChart(
      "runs of jobs, 24 h", ranked.map(\.element.row), from: now - 86_400, to: now,
      emptyWords: "no job ran in a day")
  }

  private static func tone(failed: Double, leftOut: Double) -> Tone {
    failed > 0 ? .critical : leftOut > 0 ? .warning : .normal
  }

  /// `180 runs`, `1 of 48 failed`, `3 of 1 440 left out`.
  private static func outcome(of runs: Double, failed: Double, leftOut: Double) -> String {
    let all = Quantity.count.text(runs)
    guard failed + leftOut > 0 else { return "\(all) \(runs == 1 ? "run" : "runs")" }
    let parts = [
      failed > 0 ? "\(Quantity.count.text(failed)) failed" : nil,
      leftOut > 0 ? "\(Quantity.count.text(leftOut)) left out" : nil,
    ].compactMap { $0 }
    return parts.joined(separator: ", ") + " of \(all)"
  }
}
