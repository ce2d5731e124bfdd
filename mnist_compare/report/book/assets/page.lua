-- What a page has otherwise than pandoc writes it: tables are figures, so that they and their captions
-- can have a column each, and a figure's picture has a frame.

local function html(text) return pandoc.RawBlock("html", text) end

function Table(shown)
  for _, row in ipairs(shown.head.rows) do
    for _, cell in ipairs(row.cells) do
      if #cell.contents > 0 then cell.attributes.scope = "col" end
    end
  end
  local label = shown.identifier
  if label == "" then return shown end
  local caption = shown.caption.long
  shown.caption = pandoc.Caption()
  shown.identifier = ""
  shown.attributes["aria-labelledby"] = label .. "-caption"
  return {
    html('<figure id="' .. label .. '" class="table">\n<figcaption id="' .. label .. '-caption">'),
    pandoc.Plain(pandoc.utils.blocks_to_inlines(caption)),
    html('</figcaption>\n<div class="frame">'),
    shown,
    html("</div>\n</figure>"),
  }
end

function Figure(shown)
  local picture = shown.content[1].content[1]
  local least = picture.attributes.least
  if picture.attributes.wide then shown.classes:insert("wide") end
  picture.attributes.least = nil
  picture.attributes.wide = nil
  shown.content[1].content[1] = picture
  if not picture.classes:includes("inline-svg") then
    picture.attributes["data-external"] = "1" -- a file beside the page
    picture.attributes.loading = "lazy"
  end
  local frame = pandoc.Attr("", { "frame" }, least and { style = "--least: " .. least .. "px" } or {})
  shown.content = { pandoc.Div(shown.content, frame) }
  return shown
end
