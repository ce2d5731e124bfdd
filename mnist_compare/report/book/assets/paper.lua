-- What a paper has otherwise than pandoc writes it: a paragraph that ends with a colon stays with what
-- follows; where a tall figure or a long table does not fit any more, it floats and the text goes on.

local function typst(text) return pandoc.RawBlock("typst", text) end
local function floating(shown) return { typst("#[#set figure(placement: auto)"), shown, typst("]") } end

function Para(shown)
  local last = shown.content[#shown.content]
  if last.t ~= "Str" or not last.text:find(":$") then return nil end
  return { typst("#block(sticky: true)["), shown, typst("]") }
end

function Figure(shown)
  if shown.content[1].content[1].classes:includes("tall") then return floating(shown) end
end

function Table(shown)
  if shown.identifier ~= "" and #shown.bodies[1].body > 12 then return floating(shown) end
end
