import PayopsCore
import Synchronization
import Tabular
import Testing

@testable import payops

@Suite("Output")
struct OutputTests {
  @Test("the environment decides whether the output is UTF-8")
  func locale() {
    #expect(Console.isUnicode(["LANG": "de_DE.UTF-8"]))
    #expect(Console.isUnicode(["LC_ALL": "", "LC_CTYPE": "C.utf8"]))
    #expect(!Console.isUnicode(["LC_ALL": "C", "LANG": "de_DE.UTF-8"]))
    #expect(!Console.isUnicode([:]))
  }

  @Test("the progress bar is redrawn at most ten times a second and only on a terminal")
  func progress() {
    var console = Console(environment: ["LANG": "C.UTF-8"], arguments: [])
    console.showsProgress = true
    let drawn = Mutex<[String]>([])
    let clock = Mutex(ContinuousClock.now)
    func bar(_ console: Console) -> ProgressBar {
      ProgressBar(
        "load", total: 1000, console: console, now: { clock.withLock { $0 } },
        draw: { text in drawn.withLock { $0.append(text) } })
    }
    let progress = bar(console)
    for step in 1...1000 {
      clock.withLock { $0 += .milliseconds(1) }
      progress.update(to: step)
    }
    #expect(drawn.withLock { $0.count } == 10)
    progress.finish()
    progress.finish()
    #expect(drawn.withLock { $0.last } == "\r\u{1B}[K")
    #expect(drawn.withLock { $0.count } == 11)
    console.showsProgress = false
    bar(console).update(to: 5)
    #expect(drawn.withLock { $0.count } == 11)
  }

  @Test("the progress bar shows count, rate and time left")
  func progressLine() {
    let console = Console(environment: ["LANG": "C.UTF-8"], arguments: [])
    let bar = ProgressBar("load", total: 4_000_000, console: console)
    #expect(
      bar.line(done: 1_000_000, after: .seconds(10))
        == "load  █████░░░░░░░░░░░░░░░ 25%  1,000,000  100,000 rows/s  ETA 00:30")
    #expect(
      ProgressBar("load", console: console).line(done: 1234, after: .zero)
        == "load  1,234 rows  0 rows/s")
    #expect((-1_234_567).grouped == "-1,234,567")
  }
}

@Suite("Amounts of bytes and times for people")
struct AmountTextTests {
  @Test(
    "amounts of bytes have the largest unit that leaves at least one",
    arguments: [
      (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1_048_575, "1024.0 KiB"),
      (1_048_576, "1.0 MiB"), (1_503_238_553, "1.4 GiB"), (1 << 40, "1.0 TiB"),
      (1 << 52, "4096.0 TiB"),
    ] as [(Int64, String)])
  func bytes(count: Int64, text: String) {
    #expect(byteText(count) == text)
  }

  @Test(
    "times are in seconds below a minute, minutes below an hour, hours below two days",
    arguments: [
      (0, "0.0 s"), (59.9, "59.9 s"), (60, "1 min 0 s"), (250, "4 min 10 s"),
      (3599, "59 min 59 s"), (3600, "1 h 0 min"), (5430, "1 h 30 min"),
      (172_799, "47 h 59 min"), (172_800, "2 days"),
    ])
  func times(seconds: Double, text: String) {
    #expect(durationText(seconds) == text)
  }
}
