import Testing

@testable import Metrics

@Suite("Text for Prometheus")
struct ExpositionTests {
  @Test("labels and help come back as they went in, whatever is in them")
  func escaping() {
    let hostile = "a\\b\"c\nd\\n{e=\"f\"} ,# \u{1F4B6}\u{2028}é"
    let page = StrictPage(
      Exposition.text(of: [
        MetricFamily(
          "payops_test", help: "one\nline \\ of help",
          samples: [.init(1.5, labels: [.init("member", hostile)])])
      ]))
    #expect(page.problems == [])
    #expect(page.values("payops_test").first?.labels["member"] == hostile)
    #expect(page.helps["payops_test"] == "one\\nline \\\\ of help")
    // CR LF is one character for Swift, two for everybody else.
    let wrapped = Exposition.text(of: [
      MetricFamily("payops_test", help: "h", samples: [.init(1, labels: [.init("a", "x\r\ny")])])
    ])
    #expect(wrapped.hasSuffix("payops_test{a=\"x \\ny\"} 1\n"))
  }

  @Test("families of one name stand together, and no series stands there twice")
  func joined() {
    let text = Exposition.text(of: [
      MetricFamily("payops_b", help: "first", value: 1),
      MetricFamily("payops_a_seconds", help: "x", samples: []),
      MetricFamily("payops_a_total", .counter, help: "x", value: 2),
      MetricFamily(
        "payops_b", help: "second", samples: [.init(7), .init(3, labels: [.init("l", "m")])]),
    ])
    #expect(
      text == """
        # HELP payops_a_total x
        # TYPE payops_a_total counter
        payops_a_total 2
        # HELP payops_b first
        # TYPE payops_b gauge
        payops_b 1
        payops_b{l="m"} 3

        """)
    #expect(StrictPage(text).problems == [])
  }

  @Test("values are written so that every digit returns")
  func values() {
    let values: [(Double, String)] = [
      (0, "0"), (-1, "-1"), (0.1, "0.1"), (1_767_225_600, "1767225600"),
      (99_999_999_999.25, "99999999999.25"), (.nan, "NaN"), (.infinity, "+Inf"),
      (-.infinity, "-Inf"), (1e300, "1e+300"),
    ]
    for (value, text) in values { #expect(Exposition.text(of: value) == text) }
  }

  @Test("a histogram counts up to each bound, and all at the end")
  func histogram() {
    var histogram = MetricHistogram(bounds: [0.1, 0.5])
    for value in [0.05, 0.1, 0.3, 9] { histogram.observe(value) }
    let page = StrictPage(
      Exposition.text(of: [
        MetricFamily(
          "payops_http_request_duration_seconds", .histogram, help: "h",
          samples: histogram.samples([.init("route", "/")]))
      ]))
    #expect(page.problems == [])
    let buckets = page.values("payops_http_request_duration_seconds_bucket")
    #expect(buckets.map { $0.labels["le"] } == ["0.1", "0.5", "+Inf"])
    #expect(buckets.map(\.value) == [2, 3, 4])
    #expect(
      page.value("payops_http_request_duration_seconds_sum").map { abs($0 - 9.45) < 1e-9 } == true)
    #expect(page.value("payops_http_request_duration_seconds_count") == 4)
  }

  @Test("names follow Prometheus' rules: base units last, instants for times, no foreign suffix")
  func names() {
    func name(_ column: String, _ unit: String) -> String? {
      MetricName(column, unit: unit, subject: "s")?.text
    }
    #expect(name("open_count", "count") == "s_open")
    #expect(name("total_count", "count") == "s_payments")
    #expect(name("total_amount", "amount") == "s_payments_amount")
    #expect(name("success_rate", "ratio") == "s_success_ratio")
    #expect(name("success_rate_by_value", "ratio") == "s_success_rate_by_value_ratio")
    #expect(name("mean_duration_ms", "ms") == "s_mean_duration_seconds")
    #expect(name("is_late", "flag") == "s_late")
    #expect(name("refreshed_at", "time") == "s_refreshed_timestamp_seconds")
    #expect(name("rate_date", "time") == "s_rate_timestamp_seconds")
    #expect(name("limit_seconds", "seconds") == "s_limit_seconds")
    #expect(name("amount", "amount") == "s_amount")
    #expect(name("age_days", "days") == "s_age_seconds")
    #expect(name("alert_id", "id") == nil && name("cause", "text") == nil)
    #expect(MetricName("x_ms", unit: "ms", subject: "s")?.factor == 0.001)
  }

  @Test("the strict reader refuses what Prometheus refuses")
  func reader() {
    let broken = [
      "payops_a 1\n", "# HELP payops_a x\n# TYPE payops_a gauge\npayops_a 1",
      "# HELP payops_a x\n# TYPE payops_a gauge\npayops_a{b=\"c} 1\n",
      "# HELP payops_a x\n# TYPE payops_a gauge\npayops_a{b=\"\\q\"} 1\n",
      "# HELP payops_a x\n# TYPE payops_a gauge\npayops_a 1\npayops_a 2\n",
      "# HELP payops_a x\n# TYPE payops_a counter\npayops_a 1\n",
      "# HELP payops_a_ms x\n# TYPE payops_a_ms gauge\npayops_a_ms 1\n",
      "# HELP payops_open_count x\n# TYPE payops_open_count gauge\npayops_open_count 1\n",
      "# HELP payops_lag_seconds x\n# TYPE payops_lag_seconds gauge\npayops_lag_seconds 1\n",
      "# HELP payops_a x\n# TYPE payops_a gauge\npayops_a one\n",
    ]
    for text in broken { #expect(StrictPage(text).problems != [], "\(text)") }
  }
}
