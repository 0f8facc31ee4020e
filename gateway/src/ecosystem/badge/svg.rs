//! A badge as SVG: a label, a message, and all of it in words for who cannot see it. Pure.

use super::width;
use crate::html::escaped;

/// Height of a badge, and size of its text, in pixels.
const HEIGHT: u32 = 20;
const FONT_SIZE: u32 = 11;
/// Room on both sides of a text.
const PADDING: u32 = 6;

/// What the message stands on. White on any of these has a contrast of 4.5 or more (WCAG 2.2, 1.4.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Colour {
    Accent,
    Grey,
}

impl Colour {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Accent => "#2458b6",
            Self::Grey => "#626c7c",
        }
    }
}

/// What is drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Drawing<'a> {
    pub(super) label: &'a str,
    pub(super) message: &'a str,
    pub(super) title: &'a str,
    pub(super) colour: Colour,
}

/// One of the two halves.
struct Half {
    text: String,
    /// Of the text alone, in tenths of a pixel.
    text_tenths: u32,
    width: u32,
}

impl Half {
    fn of(text: &str) -> Self {
        let text_tenths = width::tenths(text, FONT_SIZE);
        Self {
            text: escaped(text),
            text_tenths,
            width: text_tenths.div_ceil(10) + 2 * PADDING,
        }
    }

    fn draw(&self, x: u32) -> String {
        let (whole, tenth) = (self.text_tenths / 10, self.text_tenths % 10);
        let x = x + PADDING;
        format!(
            "<text x=\"{x}\" y=\"14\" textLength=\"{whole}.{tenth}\">{}</text>",
            self.text
        )
    }
}

/// The badge as a file.
pub(super) fn draw(badge: &Drawing<'_>) -> String {
    let (label, message) = (Half::of(badge.label), Half::of(badge.message));
    let width = label.width + message.width;
    let title = escaped(badge.title);
    let colour = badge.colour.as_str();
    let text = label.draw(0) + &message.draw(label.width);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{HEIGHT}\" role=\"img\" aria-label=\"{title}\">\
         <title>{title}</title>\
         <clipPath id=\"r\"><rect width=\"{width}\" height=\"{HEIGHT}\" rx=\"3\"/></clipPath>\
         <g clip-path=\"url(#r)\">\
         <path fill=\"#4b5463\" d=\"M0 0h{}v{HEIGHT}H0z\"/>\
         <path fill=\"{colour}\" d=\"M{} 0h{}v{HEIGHT}H{}z\"/>\
         </g>\
         <g fill=\"#fff\" font-family=\"Verdana,DejaVu Sans,sans-serif\" font-size=\"{FONT_SIZE}\">{text}</g>\
         </svg>",
        label.width, label.width, message.width, label.width
    )
}
