import Foundation
import Processes
import Tabular

/// A child process whose time and peak memory are measured.
struct MeasuredProcess: Sendable {
  /// The time and memory that a child process used.
  struct Outcome: Sendable {
    let status: Int32
    let seconds: Double
    /// Peak resident memory, seen in `/proc` while it ran.
    let peakBytes: Int
    /// `ru_maxrss`; it includes what the parent had at the moment of the start.
    let maximumResidentBytes: Int
    let cpuSeconds: Double
    let output: String

    /// The figures for the report.
    var json: JSON {
      [
        "seconds": .figure(seconds), "peak_rss_bytes": .integer(peakBytes),
        "ru_maxrss_bytes": .integer(maximumResidentBytes), "cpu_seconds": .figure(cpuSeconds),
      ]
    }
  }

  private let pid: pid_t
  private let outputPath: String
  private let start = ContinuousClock.now

  /// Starts a program; its output and messages go to two files.
  ///
  /// - Parameters:
  ///   - arguments: path of the program and its arguments.
  ///   - outputPath: file for the output; messages go to the same with `.err`.
  init(_ arguments: [String], outputPath: String) throws {
    let errorsPath = outputPath + ".err"
    for path in [outputPath, errorsPath] { unlink(path) }
    pid = try ChildProcess(
      arguments, output: .file(outputPath), errors: .file(errorsPath), hasOwnSession: false
    ).pid
    self.outputPath = outputPath
  }

  /// Waits for the end; ends the process at the deadline and on cancellation.
  ///
  /// - Parameter deadline: the most time it may take.
  /// - Returns: the time and memory used.
  /// - Throws: ``BenchError`` when it failed, with the last part of its messages.
  func finish(within deadline: Duration) async throws -> Outcome {
    var peak = 0
    var usage = rusage()
    var status: Int32 = 0
    var isKilled = false
    while true {
      peak = max(peak, ProcessFacts.peakResidentBytes(pid))
      let ended = wait4(pid, &status, WNOHANG, &usage)
      if ended == pid { break }
      if ended < 0, errno != EINTR { throw BenchError("lost the process \(pid)") }
      if !isKilled, Task.isCancelled || ContinuousClock.now - start > deadline {
        kill(pid, SIGKILL)
        isKilled = true
      }
      // A cancelled task does not sleep.
      if isKilled { usleep(10_000) } else { try? await Task.sleep(for: .milliseconds(20)) }
    }
    let seconds = (ContinuousClock.now - start).inSeconds
    try Task.checkCancellation()
    let code = ChildProcess.exitStatus(of: status)
    guard code == 0 else {
      let text = (try? String(contentsOfFile: outputPath + ".err", encoding: .utf8)) ?? ""
      throw BenchError(
        isKilled
          ? "a child took longer than \(deadline)"
          : "a child ended with status \(code): \(text.suffix(600))")
    }
    return Outcome(
      status: code, seconds: seconds, peakBytes: peak,
      maximumResidentBytes: usage.ru_maxrss * 1024,
      cpuSeconds: usage.ru_utime.inSeconds + usage.ru_stime.inSeconds,
      output: (try? String(contentsOfFile: outputPath, encoding: .utf8)) ?? "")
  }
}
