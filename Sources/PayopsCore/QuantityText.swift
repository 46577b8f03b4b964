import Foundation

/// A number of bytes for people: `1.4 GiB`.
package func byteText(_ bytes: Int64) -> String {
  let units = ["B", "KiB", "MiB", "GiB", "TiB"]
  var value = Double(bytes)
  var unit = 0
  while value >= 1024, unit < units.count - 1 {
    value /= 1024
    unit += 1
  }
  return unit == 0 ? "\(bytes) B" : String(format: "%.1f %@", value, units[unit])
}

/// A time for people: `3.2 s`, `4 min 10 s`, `26 h`.
package func durationText(_ seconds: Double) -> String {
  switch seconds {
  case ..<60: String(format: "%.1f s", seconds)
  case ..<3600: "\(Int(seconds) / 60) min \(Int(seconds) % 60) s"
  case ..<172_800: "\(Int(seconds) / 3600) h \(Int(seconds) % 3600 / 60) min"
  default: "\(Int(seconds) / 86_400) days"
  }
}
