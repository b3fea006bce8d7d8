// Draws one car into a bay's picture: body, glass, wheels, lights, plate.
#pragma once

#include "sim/picture/bay_picture.h"
#include "sim/picture/camera_view.h"

namespace bayward::picture {

// The shadow under it goes first, then the car.
void draw_car(cv::Mat& picture, const CameraView& view, const CarLook& look);

}  // namespace bayward::picture
