internal import Foundation
internal import PayopsCore
internal import Statistics
package import Tabular

/// A comparison of the minutes of a window as text for people and as JSON.
package struct ComparisonPage {
  /// The report on the window.
  let report: MonitorReport
  /// The source of the counts.
  let source: String
  /// Whole minutes between the current minute and the clock of the database.
  let age: Int

  /// Makes a page.
  ///
  /// - Parameters:
  ///   - report: the report on the window
  ///   - source: the source of the counts
  ///   - age: whole minutes between the current minute and the clock of the database
  package init(report: MonitorReport, source: String, age: Int) {
    self.report = report
    self.source = source
    self.age = age
  }

  /// The greatest width of the sparklines.
  private static let sparklineWidth = 60
  /// The width of the names before them.
  private static let labelWidth = 10

  // MARK: JSON

  /// The keys of the plain monitor, `current_minute`, `metrics`, `thresholds` and
  /// `persistence_analysis`, and the figures needed to recompute them.
  package var json: JSON {
    let parameters = report.parameters
    return .pairs([
      "current_minute": .string(instant(report.currentMinute)),
      "metrics": byMetric(key: \.rateName) { number($0.current.value) },
      "thresholds": byMetric { number(limit(of: $0)) },
      "persistence_analysis": .object(
        report.metrics.map { (key: $0.metric.rawValue, value: persistence($0.persistence, $0)) }
          + [(key: "any", value: persistence(report.anyMetric, nil))]),
      "explain": byMetric { explanation($0.current) },
      "severity": .string(word(report.severity)),
      "is_anomalous": .bool(report.isAnomalous),
      "source": .string(source),
      "form": .string(parameters.form.rawValue),
      "parameters": .pairs([
        "sigmas": number(parameters.sigmas),
        "minimum_sample": .integer(parameters.minimumSample),
        "minimum_volume": .integer(parameters.minimumVolume),
        "minimum_effect": number(parameters.minimumEffect),
        "step_minutes": .integer(parameters.stepMinutes),
      ]),
      "window": .pairs([
        "first_minute": report.firstMinute.map { .string(instant($0)) } ?? .null,
        "observed_steps": .integer(report.observedSteps),
        "missing_steps": .integer(report.missingSteps),
        "age_minutes": .integer(age),
      ]),
    ])
  }

  private func byMetric(
    key: KeyPath<RateMetric, String> = \.rawValue,
    _ value: (MonitorReport.MetricReport) -> JSON
  ) -> JSON {
    .object(report.metrics.map { (key: $0.metric[keyPath: key], value: value($0)) })
  }

  private func persistence(_ found: Persistence, _ metric: MonitorReport.MetricReport?) -> JSON {
    var pairs: [(key: String, value: JSON)] = [
      (key: "consecutive_minutes", value: .integer(found.current?.minutes ?? 0)),
      (key: "severity", value: .string(word(found.severity))),
      (key: "run_start", value: found.current.map { .string(instant($0.start)) } ?? .null),
      (key: "longest_minutes", value: .integer(found.longest?.minutes ?? 0)),
      (key: "longest_start", value: found.longest.map { .string(instant($0.start)) } ?? .null),
      (key: "worst_severity", value: .string(word(found.worstSeverity))),
      (key: "minutes_above", value: .integer(found.minutesAbove)),
    ]
    if let metric {
      pairs += [
        (key: "maximum", value: number(metric.maximum?.rate)),
        (key: "maximum_minute", value: metric.maximum.map { .string(instant($0.minute)) } ?? .null),
      ]
    }
    return .object(pairs)
  }

  private func explanation(_ judgement: SigmaJudgement) -> JSON {
    let (verdict, reason): (String, JSON) =
      switch judgement.verdict {
      case .normal: ("normal", .null)
      case .anomalous: ("anomalous", .null)
      case .notEnoughData(let reason): ("not_enough_data", .string(words(reason)))
      }
    return .pairs([
      "mean": judgement.sampleSize > 0 ? number(judgement.mean) : .null,
      "standard_deviation": number(judgement.standardDeviation),
      "sample_size": .integer(judgement.sampleSize),
      "z": number(judgement.z),
      "verdict": .string(verdict),
      "reason": reason,
    ])
  }

  /// The limit of the current minute; nil when the baseline is too small.
  private func limit(of metric: MonitorReport.MetricReport) -> Double? {
    let parameters = report.parameters
    let needed = parameters.form == .parity ? 2 : max(2, parameters.minimumSample)
    return metric.current.sampleSize >= needed ? metric.current.threshold : nil
  }

  private func number(_ value: Double?) -> JSON {
    guard let value, value.isFinite else { return .null }
    return .number("\(value)")
  }

  private func instant(_ minute: Int) -> String {
    CivilInstant(minutesSinceEpoch: minute).description
  }

  // MARK: Text

  /// The report in lines that fit the layout.
  ///
  /// - Parameter layout: width, characters and colours of the terminal
  /// - Returns: lines, each with its line end
  package func text(_ layout: PageLayout) -> String {
    let parameters = report.parameters
    let form = parameters.form == .parity ? "parity" : "leave-one-out"
    let step = parameters.stepMinutes
    var head =
      "\(short(report.currentMinute)) UTC, \(source.truncated(toWidth: 24, mark: "~")), \(form),"
      + " mean + \(plain(parameters.sigmas)) sigma"
    var text = head.filled(indent: 0, width: layout.width)
    head = "\(report.observedSteps) \(step == 1 ? "minutes" : "steps of \(step) minutes")"
    if let first = report.firstMinute { head += " from \(short(first))" }
    head += ", \(report.missingSteps) missing"
    text += head.filled(indent: 0, width: layout.width) + "\n" + layout.render(table)
    let width = min(Self.sparklineWidth, max(1, layout.width - Self.labelWidth))
    for metric in report.metrics {
      let line = Sparkline.draw(cells(of: metric.rates, width), isUnicode: layout.isUnicode)
        .withoutFinalBlanks
      let lines = (line.isEmpty ? [] : [line]) + details(of: metric)
      for (index, line) in lines.enumerated() {
        text += index == 0 ? "\n" + padded(metric.metric.rawValue) : padded("")
        // A sparkline has blanks of its own, where steps are missing.
        text +=
          line.displayWidth <= width
          ? line + "\n" : line.filled(indent: Self.labelWidth, width: layout.width)
      }
    }
    if let longest = report.anyMetric.longest {
      text += "\n\(padded("any"))\(words(longest))\n"
    }
    return text
  }

  private var table: DataTable {
    DataTable(
      columns: [
        DataTable.Column(name: "metric"), DataTable.Column(name: "rate %", isNumeric: true),
        DataTable.Column(name: "limit %", isNumeric: true),
        DataTable.Column(name: "z", isNumeric: true), DataTable.Column(name: "now"),
        DataTable.Column(name: "run", isNumeric: true),
        DataTable.Column(name: "longest", isNumeric: true),
        DataTable.Column(name: "above", isNumeric: true), DataTable.Column(name: "severity"),
      ],
      rows: report.metrics.map { metric in
        let current = metric.current
        return [
          metric.metric.rawValue, percent(current.value), percent(limit(of: metric)),
          decimals(current.z, 2), word(current.verdict),
        ] + minutes(metric.persistence)
      } + [
        ["any", nil, nil, nil, report.isAnomalous ? "above" : nil] + minutes(report.anyMetric)
      ])
  }

  private func minutes(_ persistence: Persistence) -> [String?] {
    [
      String(persistence.current?.minutes ?? 0), String(persistence.longest?.minutes ?? 0),
      String(persistence.minutesAbove), word(persistence.severity),
    ]
  }

  private func details(of metric: MonitorReport.MetricReport) -> [String] {
    var lines: [String] = []
    if case .notEnoughData(let reason) = metric.current.verdict {
      lines.append("not enough data: " + words(reason))
    }
    if let maximum = metric.maximum, maximum.rate > 0, let rate = percent(maximum.rate) {
      lines.append("greatest \(rate) % at \(short(maximum.minute))")
    }
    if let longest = metric.persistence.longest { lines.append(words(longest)) }
    return lines
  }

  private func words(_ longest: Persistence.Run) -> String {
    "longest run \(longest.minutes) min from \(short(longest.start))"
  }

  private func words(_ reason: InsufficientData) -> String {
    switch reason {
    case .missingValue: "no payments in the current minute"
    case .smallSample(let have, let need): "\(have) minutes to compare with, \(need) are needed"
    case .smallVolume(let have, let need):
      "\(plain(have)) payments in the current minute, \(plain(need)) are needed"
    }
  }

  /// Below the first step of the ladder there is no severity.
  private func word(_ severity: Severity?) -> String { severity?.rawValue ?? "HEALTHY" }

  private func word(_ verdict: SigmaJudgement.Verdict) -> String {
    switch verdict {
    case .normal: "normal"
    case .anomalous: "above"
    case .notEnoughData: "no data"
    }
  }

  /// The greatest rate of each of the sparkline's cells.
  private func cells(of rates: [Double?], _ width: Int) -> [Double?] {
    guard rates.count > width else { return rates }
    return (0..<width).map { cell in
      let start = cell * rates.count / width
      let end = (cell + 1) * rates.count / width
      return rates[start..<end].compactMap { $0 }.max()
    }
  }

  private func padded(_ name: String) -> String {
    name + String(repeating: " ", count: max(0, Self.labelWidth - name.count))
  }

  private func short(_ minute: Int) -> String { String(instant(minute).prefix(16)) }

  private func percent(_ rate: Double?) -> String? { decimals(rate.map { $0 * 100 }, 4) }

  private func decimals(_ value: Double?, _ digits: Int) -> String? {
    guard let value, value.isFinite else { return nil }
    return String(format: "%.\(digits)f", value)
  }

  private func plain(_ value: Double) -> String { String(format: "%g", value) }
}
