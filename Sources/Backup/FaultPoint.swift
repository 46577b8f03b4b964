internal import Foundation

/// A named place at which a test can kill or pause this process.
///
/// Only test builds read it: `PAYOPS_FAULT=name=kill` ends the process there as by kill -9;
/// `PAYOPS_FAULT=name=pause:FILE` creates the file and waits until it is removed.
package enum FaultPoint {
  /// Kills or pauses the process here when the environment asks for it.
  package static func reach(_ name: String) {
    #if DEBUG
      guard let fault = ProcessInfo.processInfo.environment["PAYOPS_FAULT"],
        fault.hasPrefix(name + "=")
      else { return }
      let action = fault.dropFirst(name.count + 1)
      if action == "kill" {
        kill(getpid(), SIGKILL)
      } else if action.hasPrefix("pause:") {
        let marker = String(action.dropFirst(6))
        close(open(marker, O_WRONLY | O_CREAT, 0o600))
        for _ in 0..<12_000 where access(marker, F_OK) == 0 { usleep(10_000) }
      }
    #endif
  }
}
