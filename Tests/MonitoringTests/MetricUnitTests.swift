import Testing

@testable import Monitoring

@Suite("Units of metrics")
struct MetricUnitTests {
  private func metric(_ columns: [String: String]) throws -> MetricDefinition {
    try MetricDefinition(
      columns: columns.merging(["metric_name": "m", "detector": "fixed_limits"]) { a, _ in a }
        .merging(["detector_parameters": #"{"direction": "above", "upper": 1}"#]) { a, _ in a })
  }

  @Test(
    "a value is read with its unit",
    arguments: [
      (
        ["series_source": "payments", "numerator": "failed_count", "denominator": "total_count"],
        0.1234, "12.3 %"
      ),
      (["series_source": "payments", "numerator": "total_count"], 12_345, "12,345 payments"),
      (["series_source": "payments", "numerator": "total_amount"], 42_248.7414, "42,248.74 EUR"),
      (["series_source": "latency", "numerator": "p95"], 250, "250 ms"),
      (["series_source": "latency", "numerator": "p95"], 1300, "1.3 s"),
      (["series_source": "latency", "numerator": "p95"], 240_000, "4.0 min"),
      (
        ["series_source": "gauges", "numerator": "open_age_ratio"], 86,
        "8,600 % of the allowed age"
      ),
      (["series_source": "gauges", "numerator": "open_amount"], 1, "1.00 EUR"),
      (["series_source": "gauges", "numerator": "overdue_count"], 3, "3 settlements"),
      (["series_source": "logins", "numerator": "total"], 2.5, "2.5 logins"),
    ] as [([String: String], Double, String)])
  func texts(columns: [String: String], value: Double, text: String) throws {
    let unit = try metric(columns).unit
    #expect(unit.text(value, currency: "EUR", withNoun: true) == text)
    #expect(unit.text(nil, currency: "EUR") == "?")
  }
}
