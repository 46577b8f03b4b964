/// A colour by its meaning. Each is a class of the stylesheet and, for readers without it (a report,
/// a file opened alone), the colour on white as a presentation attribute.
package enum Paint: Sendable, Hashable {
  case text
  case muted
  case line
  case surface
  case data
  /// The expected band, and second values beside first ones.
  case faint
  case tone(Tone)
  /// One of six steps of the data colour, 0 the faintest.
  case step(Int)

  /// The class in the stylesheet.
  var cssClass: String {
    switch self {
    case .text: "c-text"
    case .muted: "c-muted"
    case .line: "c-line"
    case .surface: "c-surface"
    case .data: "c-data"
    case .faint: "c-faint"
    case .tone(let tone): "severity-\(tone.rawValue)"
    case .step(let step): "c-step-\(Swift.min(Swift.max(step, 0), 5))"
    }
  }

  /// The colour on white.
  var colour: String {
    switch self {
    case .text: "#16202b"
    case .muted: "#566270"
    case .line: "#d8dee5"
    case .surface: "#f6f7f9"
    case .data: "#0b5cad"
    case .faint: "#c5d9ec"
    case .tone(.normal): "#d8dee5"
    case .tone(.good): "#1a7339"
    case .tone(.unknown): "#9aa7b4"
    case .tone(.info): "#4a5866"
    case .tone(.warning): "#8a5a00"
    case .tone(.critical): "#b3400a"
    case .tone(.severe): "#a3122b"
    case .step(let step):
      ["#dce8f4", "#b9d2ea", "#8fb8dd", "#5d97ca", "#2f78b8", "#0b5cad"][
        Swift.min(Swift.max(step, 0), 5)]
    }
  }
}
